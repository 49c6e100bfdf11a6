package dev.switchboard.security;

import java.util.List;

/** What somebody is here for. What each may do stands beside each call in {@code routes/openapi.yaml}. */
final class Role {

    /** Hands messages in, and sees its own. */
    static final String SENDER = "sender";

    /** Sees everything but what messages say and to whom. */
    static final String READER = "reader";

    /** Sees messages whole, mends them, sends them again, and holds lanes back. */
    static final String OPERATOR = "operator";

    /** May do everything, and gives others their keys. */
    static final String ADMIN = "admin";

    static final List<String> NAMES = List.of(SENDER, READER, OPERATOR, ADMIN);

    private Role() {}
}
