package dev.switchboard.store;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Where messages are kept. */
@ConfigMapping(prefix = "switchboard.store")
public interface StoreConfig {

    /** Address of the database: {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql:…}; by default a file in the data folder. */
    Optional<String> url();

    /** User of the database. */
    Optional<String> username();

    /** Password of the database. */
    Optional<String> password();
}
