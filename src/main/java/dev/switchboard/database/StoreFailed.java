package dev.switchboard.database;

import java.sql.SQLException;
import java.util.concurrent.RejectedExecutionException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The database did not do what it was asked for; the cause says why. */
public final class StoreFailed extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StoreFailed(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    /** Returns what a failure began with. */
    public static Throwable rootCause(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? e : rootCause(cause);
    }

    /** Returns whether there is no space left for what was to be written. */
    public static boolean isDiskFull(Throwable e) {
        Throwable cause = rootCause(e);
        return (cause instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL)
                || (cause instanceof SQLException other && "53100".equals(other.getSQLState()));
    }

    /** Returns whether a change cannot be written for what it holds, however often it is tried. */
    public static boolean refusesContent(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) {
                return sqlite.getResultCode() == SQLiteErrorCode.SQLITE_TOOBIG;
            }
            if (cause instanceof SQLException other) {
                String state = String.valueOf(other.getSQLState());
                return state.startsWith("22") || state.startsWith("54"); // data exception, program limit
            }
        }
        return !(rootCause(e) instanceof RejectedExecutionException || rootCause(e) instanceof Error);
    }

    /** Returns whether the connection is lost: another may do. */
    boolean isLostConnection() {
        return getCause() instanceof SQLException cause
                && cause.getSQLState() != null
                && (cause.getSQLState().startsWith("08") || cause.getSQLState().startsWith("57P"));
    }
}
