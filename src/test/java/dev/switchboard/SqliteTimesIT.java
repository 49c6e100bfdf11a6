package dev.switchboard;

import java.io.IOException;

class SqliteTimesIT extends TimesOnAStore {

    SqliteTimesIT() throws IOException {
        super(StoreKind.SQLITE);
    }
}
