package dev.switchboard;

import java.io.IOException;

class PostgresLanesIT extends LanesOnAStore {

    PostgresLanesIT() throws IOException {
        super(StoreKind.POSTGRESQL);
    }
}
