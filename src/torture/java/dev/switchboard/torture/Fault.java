package dev.switchboard.torture;

import java.io.IOException;
import java.util.List;

/** Something that goes wrong while a bus works. */
interface Fault extends AutoCloseable {

    /** Adds what it needs, before the bus is started for the first time. */
    default void prepare(Setup setup) throws Exception {}

    /** Does it, and returns when it is over; the bus may be down before and after. */
    void strike(Site site) throws Exception;

    /** Says what it excuses; asked when it has struck. */
    default Allowance allowance() {
        return Allowance.NONE;
    }

    /** Says how many processes it has killed. */
    default int kills() {
        return 0;
    }

    /** Returns what the bus did against its promises meanwhile, a sentence each. */
    default List<String> broken() {
        return List.of();
    }

    @Override
    default void close() throws IOException {}
}
