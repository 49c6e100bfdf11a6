package dev.switchboard.torture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares what the senders know, what the vendors saw and what the bus says. */
final class Comparison {

    private final Evidence evidence;
    private final Allowance allowance;
    private final Map<String, Stored> stored;
    private final Set<String> seen = new HashSet<>();
    private final Set<String> performed = new HashSet<>();

    Comparison(Evidence evidence, Allowance allowance) {
        this.evidence = evidence;
        this.allowance = allowance;
        this.stored = evidence.stored().stream().collect(Collectors.toMap(Stored::id, each -> each));
        for (Seen request : evidence.seen()) {
            seen.add(request.id());
            if (request.performed()) {
                performed.add(request.id());
            }
        }
    }

    Findings findings() {
        return new Findings(
                evidence.accepted().size(),
                lost(),
                doubled(),
                outOfOrder(),
                stuck(),
                (int) evidence.stored().stream()
                        .filter(each -> each.is("uncertain"))
                        .count(),
                (int) evidence.stored().stream().filter(each -> each.is("dead")).count(),
                unpublished(),
                List.of());
    }

    private List<String> lost() {
        var lost = new ArrayList<String>();
        for (Sent message : evidence.accepted()) {
            Stored row = stored.get(message.id());
            if (row == null && !evidence.before().contains(message.id())) {
                lost.add(message.id() + " was accepted by " + message.intake() + " and is not in the store");
            } else if (row != null && row.is("delivered") && !performed.contains(row.id())) {
                lost.add(row.id() + " is delivered, and the vendor did not do it");
            } else if (row != null && row.is("dead") && !allowance.dead().contains(row.failureClass())) {
                lost.add(row.id() + " is dead (" + row.failureClass() + "), which no fault explains");
            }
        }
        lost.addAll(unexplained());
        return lost;
    }

    private List<String> unexplained() {
        List<String> unseen = evidence.stored().stream()
                .filter(each -> each.is("uncertain") && !seen.contains(each.id()))
                .map(each -> each.id() + " is uncertain, and nothing of it can have reached the vendor")
                .toList();
        long unread = seen(Seen.UNREAD);
        return unseen.size() > allowance.uncertain() + unread ? unseen : List.of();
    }

    private long seen(String id) {
        return evidence.seen().stream().filter(each -> each.id().equals(id)).count();
    }

    private List<String> doubled() {
        var once = new HashSet<String>();
        return evidence.seen().stream()
                .filter(request -> request.performed() && request.kind() == Kind.SEND)
                .filter(request -> !once.add(request.id()))
                .map(request -> request.id() + " was done twice, at last at " + request.at())
                .toList();
    }

    private List<String> outOfOrder() {
        var last = new HashMap<String, Seen>();
        var wrong = new ArrayList<String>();
        for (Seen request : evidence.seen()) {
            if (request.kind() == Kind.STOP || request.id().equals(Seen.UNREAD)) {
                continue;
            }
            Seen before = last.put(request.conversation(), request);
            if (before != null && request.number() < before.number()) {
                wrong.add(request.id() + " came at " + request.at() + " behind " + before.id() + " at " + before.at());
            }
        }
        return wrong;
    }

    private List<String> stuck() {
        Stream<String> outside = evidence.before().stream()
                .filter(id -> !stored.containsKey(id))
                .map(id -> id + " has not been taken in");
        Stream<String> inside = evidence.stored().stream()
                .filter(each -> !each.finished())
                .map(each -> each.id() + " is still " + each.state());
        return Stream.concat(outside, inside).toList();
    }

    private List<String> unpublished() {
        var missing = new ArrayList<>(evidence.published().faults());
        for (Sent message : evidence.accepted()) {
            Stored row = stored.get(message.id());
            boolean byQueue = message.intake().equals(QueueFeeder.INTAKE);
            if (byQueue && row != null && row.finished() && !replied(row)) {
                missing.add(row.id() + " is " + row.state() + ", and its sender got no such reply");
            }
        }
        for (Stored row : evidence.stored()) {
            String letter = row.vendor() + " " + row.failureClass() + " " + row.id();
            boolean failed = row.is("dead") || row.is("uncertain");
            if (failed && !evidence.published().deadLetters().contains(letter)) {
                missing.add("there is no dead letter " + letter);
            }
        }
        return missing;
    }

    private boolean replied(Stored row) {
        return evidence.published().replies().contains(new Published.Reply(row.id(), row.id(), row.state()));
    }
}
