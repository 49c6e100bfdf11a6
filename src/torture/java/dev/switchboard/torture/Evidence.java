package dev.switchboard.torture;

import java.util.List;
import java.util.Set;

/**
 * What is known after a round, from three sides: the senders, the vendors, and the bus by its store and by what it gave out.
 *
 * @param accepted what the senders know to be accepted
 * @param seen the vendors' log, in the order of the requests
 * @param stored every message of the store
 * @param published what came out
 * @param before ids of messages that lie before the bus still, in its queue or its folders
 */
record Evidence(List<Sent> accepted, List<Seen> seen, List<Stored> stored, Published published, Set<String> before) {}
