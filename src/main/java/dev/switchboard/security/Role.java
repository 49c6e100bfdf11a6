package dev.switchboard.security;

import java.util.List;

/** The roles of keys. Each call in {@code routes/openapi.yaml} names the roles that may make it. */
final class Role {

    /** Sends messages, and sees its own. */
    static final String SENDER = "sender";

    /** Sees everything but what messages say and to whom. */
    static final String READER = "reader";

    /** Sees whole messages, edits them, sends them again, and pauses lanes. */
    static final String OPERATOR = "operator";

    /** May make every call, including those that make keys. */
    static final String ADMIN = "admin";

    static final List<String> NAMES = List.of(SENDER, READER, OPERATOR, ADMIN);

    private Role() {}
}
