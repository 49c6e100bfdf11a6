package dev.switchboard;

import java.io.IOException;

class PostgresTimesIT extends TimesOnAStore {

    PostgresTimesIT() throws IOException {
        super(StoreKind.POSTGRESQL);
    }
}
