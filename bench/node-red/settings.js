// What an operator would set for a flow that only runs: no editor, nothing that phones home, no log of messages.
const path = require('path');

module.exports = {
    uiHost: '127.0.0.1',
    flowFile: path.join(__dirname, 'flows.json'),
    credentialSecret: false,
    httpAdminRoot: false,
    disableEditor: true,
    httpServerOptions: { etag: false },
    diagnostics: { enabled: false, ui: false },
    runtimeState: { enabled: false, ui: false },
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: 'error', metrics: false, audit: false } },
    externalModules: { autoInstall: false, palette: { allowInstall: false }, modules: { allowInstall: false } },
    functionExternalModules: false,
};
