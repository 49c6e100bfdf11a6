package dev.switchboard.intake;

import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import dev.switchboard.store.Incoming;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Vendors;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells what the store has to know of a message beyond what it says itself: its api, and how long it lives. */
public final class Lifetime {

    private final Vendors vendors;
    private final Rule rule;

    /** Says when a message dies that does not say so itself. */
    @FunctionalInterface
    public interface Rule {
        /** Returns when a message dies that lives from a time on; null: of any operation. */
        Instant expiry(Account account, @Nullable String operation, Instant from);
    }

    /** Takes lifetimes from the settings of the accounts' lanes. */
    public Lifetime(Vendors vendors, Rule rule) {
        this.vendors = vendors;
        this.rule = rule;
    }

    /** Returns how long messages of an account live from now on; they say otherwise themselves. */
    public Duration of(String vendor, String account) {
        Instant now = Instant.now();
        return vendors.account(vendor, account)
                .map(known -> Duration.between(now, rule.expiry(known, null, now)))
                .orElseThrow(
                        () -> Refused.because(409, "The account " + vendor + "/" + account + " is not configured."));
    }

    /** Makes a checked message ready for the store. */
    public Incoming incoming(Message message, Incoming.Source source) {
        Account account = vendors.account(message.vendor(), message.account()).orElseThrow();
        Instant notBefore = message.notBefore();
        Instant now = Instant.now();
        Instant from = notBefore == null || notBefore.isBefore(now) ? now : notBefore;
        String api = account.operation(message.operation()).api();
        return new Incoming(
                message, api, rule.expiry(account, message.operation(), from).toEpochMilli(), source);
    }
}
