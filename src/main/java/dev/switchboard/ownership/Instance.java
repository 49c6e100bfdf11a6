package dev.switchboard.ownership;

/**
 * One of the processes that share a database.
 *
 * @param id its own, new with each start
 * @param version of the program
 * @param process of which machine
 * @param serves the lanes that it could serve, with spaces between them; empty where that is not known yet
 * @param since when it began, in milliseconds since 1970
 * @param seen its last heartbeat, by the database's clock
 * @param age how many milliseconds ago that was
 * @param drains whether it gives all of its lanes away
 * @param gone whether its session is closed
 */
public record Instance(
        String id,
        String version,
        String process,
        String serves,
        long since,
        long seen,
        long age,
        boolean drains,
        boolean gone) {

    /** It sends nothing for its lanes any more, even if it lives. */
    private static final long MAY_NOT_SEND_AFTER = Lease.MILLIS + 500;

    private static final long SILENT_AFTER = 6_500;

    /**
     * Returns whether it has ended, or has not come back in time.
     *
     * @param patient whether all have to connect anew just now
     */
    boolean hasEnded(boolean patient) {
        return gone && (LocalProcess.hasEnded(process) || (!patient && age > MAY_NOT_SEND_AFTER));
    }

    /** Returns whether it could serve a lane, as far as is known. */
    boolean mayServe(String lane) {
        return serves.isEmpty() || (" " + serves + " ").contains(" " + lane + " ");
    }

    /** Returns whether it is frozen or cut off: the database still has its session, and it does not say that it lives. */
    boolean isSilent() {
        return !gone && age > SILENT_AFTER;
    }
}
