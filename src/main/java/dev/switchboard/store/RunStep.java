package dev.switchboard.store;

import dev.switchboard.database.Row;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.State;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Some of a run, in one commit: what each of its messages is due, the first accepted first. What has changed meanwhile is passed over. */
final class RunStep {

    private static final int LOOKED_AT = 500;

    private final Transaction transaction;
    private final Replay run;
    private final Function<String, @Nullable Long> lifetimes;
    private final Map<String, Integer> counts = new HashMap<>();

    RunStep(Transaction transaction, Replay run, Function<String, @Nullable Long> lifetimes) {
        this.transaction = transaction;
        this.run = run;
        this.lifetimes = lifetimes;
    }

    /** Does it for so many messages at most; returns whether there may be more to do at once. */
    boolean go(int most, int stage) {
        List<Long> items = transaction.list(
                "select seq from replay_item where run = ? order by seq limit ?", Row::number, run.seq(), LOOKED_AT);
        for (long item : items) {
            if (counts.getOrDefault("replayed", 0) >= most) {
                break;
            }
            if (transaction.update("delete from replay_item where run = ? and seq = ?", run.seq(), item) == 1) {
                counts.merge(one(item), 1, Integer::sum);
            }
        }
        note(stage);
        return items.size() == LOOKED_AT;
    }

    /** Returns what came of it, by the name of its count. */
    private String one(long seq) {
        return switch (run.wanted().action()) {
            case TRY -> done(WaitingActions.tryNow(transaction, seq));
            case DISCARD_WAITING -> done(WaitingActions.discard(transaction, seq, reason()));
            case REPLAY, DISCARD, RESOLVE ->
                Finished.find(transaction.sql(), seq)
                        .filter(message -> Filter.FAILED.contains(message.state()))
                        .filter(message -> message.finishedAt() <= run.wanted().cutoff() && !message.erased())
                        .map(this::failed)
                        .orElse("changed");
        };
    }

    private String failed(Finished message) {
        return switch (run.wanted().action()) {
            case DISCARD -> done(OperatorActions.discard(transaction, message, reason()) > 0);
            case RESOLVE ->
                done(message.state() == State.UNCERTAIN
                        && OperatorActions.resolve(transaction, message.id(), null) > 0);
            default -> again(message);
        };
    }

    private String again(Finished message) {
        if (!run.wanted().maybeSent() && (message.maybeSent() || message.fellBack())) {
            return "maybe";
        }
        Long lifetime = lifetimes.apply(message.lane());
        if (lifetime == null) {
            return "account";
        }
        counts.merge("later", OperatorActions.laterSent(transaction.sql(), message, 1), Integer::sum);
        OperatorActions.again(transaction, message, lifetime, run.seq());
        return "replayed";
    }

    private String reason() {
        return String.valueOf(run.wanted().reason());
    }

    private static String done(boolean done) {
        return done ? "replayed" : "changed";
    }

    private void note(int stage) {
        transaction.update(
                "update replay set stage = ?, replayed = replayed + ?, skipped_maybe = skipped_maybe + ?,"
                        + " skipped_changed = skipped_changed + ?, skipped_account = skipped_account + ?,"
                        + " later_sent = later_sent + ? where seq = ?",
                stage,
                counts.getOrDefault("replayed", 0),
                counts.getOrDefault("maybe", 0),
                counts.getOrDefault("changed", 0),
                counts.getOrDefault("account", 0),
                counts.getOrDefault("later", 0),
                run.seq());
    }
}
