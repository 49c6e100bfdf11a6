package dev.switchboard.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HttpsSettingsTest {

    private static Map<String, String> component(String name) throws IOException {
        var all = new Properties();
        try (InputStream in = HttpsSettingsTest.class.getResourceAsStream("/application.properties")) {
            all.load(in);
        }
        var own = new TreeMap<String, String>();
        String prefix = "camel.component." + name + ".";
        all.stringPropertyNames().stream()
                .filter(key -> key.startsWith(prefix))
                .forEach(key -> own.put(key.substring(prefix.length()), all.getProperty(key)));
        return own;
    }

    /** Camel has two components; what is set on one alone leaves the calls of real vendors without it. */
    @Test
    void callsOverHttpsKeepToTheSameRulesAsOverHttp() throws IOException {
        assertThat(component("https"))
                .isEqualTo(component("http"))
                .containsEntry("automatic-retries-disabled", "true")
                .containsEntry("http-client-configurer", "#vendorCall");
    }
}
