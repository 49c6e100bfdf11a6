package dev.switchboard;

import java.io.IOException;
import org.junit.jupiter.api.Tag;

@Tag("soak")
class PostgresTimesIT extends TimesOnAStore {

    PostgresTimesIT() throws IOException {
        super(StoreKind.POSTGRESQL);
    }
}
