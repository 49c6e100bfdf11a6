package dev.switchboard;

import java.io.IOException;
import org.junit.jupiter.api.Tag;

@Tag("soak")
class PostgresLanesIT extends LanesOnAStore {

    PostgresLanesIT() throws IOException {
        super(StoreKind.POSTGRESQL);
    }
}
