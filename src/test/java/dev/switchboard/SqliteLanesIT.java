package dev.switchboard;

import java.io.IOException;

class SqliteLanesIT extends LanesOnAStore {

    SqliteLanesIT() throws IOException {
        super(StoreKind.SQLITE);
    }
}
