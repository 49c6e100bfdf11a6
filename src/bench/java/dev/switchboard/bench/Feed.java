package dev.switchboard.bench;

/** What hands messages to a party. */
interface Feed extends AutoCloseable {

    /** Hands in as fast as messages are accepted, with at most so many between that and the vendor. */
    void flood(int most);

    /** Hands in no more. */
    void stop();

    @Override
    void close();
}
