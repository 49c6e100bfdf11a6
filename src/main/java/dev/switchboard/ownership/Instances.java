package dev.switchboard.ownership;

import dev.switchboard.database.Writer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** The instances that share a store, and which of them serves what. */
public final class Instances {

    private final Owners owners;
    private final Writer writer;

    public Instances(Owners owners, Writer writer) {
        this.owners = owners;
        this.writer = writer;
    }

    /** Returns the instances as they were seen last. */
    public List<Instance> all() {
        List<Instance> seen = owners.spread().instances();
        return seen.isEmpty() ? List.of(owners.self()) : seen;
    }

    /** Returns the lanes of an instance, as they were seen last. */
    public List<String> lanesOf(String instance) {
        return owners.spread().lanesOf(instance);
    }

    /** Has an instance give its lanes away; says by the future whether there is one. */
    public CompletableFuture<Boolean> drain(String instance) {
        return writer.dispatch(transaction -> owners.drain(transaction, instance));
    }

    /** Returns whether it makes sense to try to own a lane now: it seems free, and this instance has less than its share. */
    public boolean mayTake(String lane) {
        return owners.mayTake(lane);
    }

    /** Returns whether another instance is to have a lane that this one owns. */
    public boolean isSurplus(String lane) {
        return owners.spread().isSurplus(lane);
    }

    /**
     * Gives a lane away, so that another instance may take it.
     *
     * @param isIdle tells, on the store's own thread, whether nothing of it goes on here
     */
    public CompletableFuture<?> giveBack(String lane, BooleanSupplier isIdle) {
        return writer.dispatch(transaction -> isIdle.getAsBoolean() && owners.giveBack(transaction, lane));
    }

    /** Returns whether a message that was claimed in an epoch may be sent still: this instance has owned its lane ever since. */
    public boolean maySend(String lane, long epoch) {
        return owners.maySend(lane, epoch);
    }

    /** Has those called who wait for a name at other instances. */
    public void tell(String name) {
        if (all().size() > 1) {
            writer.dispatch(transaction -> {
                owners.tellAll(transaction, name);
                return transaction;
            });
        }
    }
}
