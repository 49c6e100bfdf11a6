package dev.switchboard.torture;

/** Something that goes wrong while a bus works. */
interface Fault {

    /** Does it, and returns when it is over; the bus may be down then. */
    void strike(Site site) throws Exception;

    /** Says what it excuses; asked when it has struck. */
    Allowance allowance();

    /** Says how many processes it has killed. */
    default int kills() {
        return 0;
    }
}
