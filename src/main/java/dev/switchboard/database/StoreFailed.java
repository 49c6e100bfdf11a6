package dev.switchboard.database;

import java.sql.SQLException;

/** The database did not do what it was asked for; the cause says why. */
public final class StoreFailed extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StoreFailed(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
