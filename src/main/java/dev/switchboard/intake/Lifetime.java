package dev.switchboard.intake;

import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import dev.switchboard.store.Incoming;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Vendors;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/** Tells what the store has to know of a message beyond what it says itself: its api, and how long it lives. */
public final class Lifetime {

    private final Vendors vendors;
    private final Function<Account, Duration> expiresAfter;

    /** Takes lifetimes from the settings of the accounts' lanes. */
    public Lifetime(Vendors vendors, Function<Account, Duration> expiresAfter) {
        this.vendors = vendors;
        this.expiresAfter = expiresAfter;
    }

    /** Returns how long messages of an account live; they say otherwise themselves. */
    public Duration of(String vendor, String account) {
        return vendors.account(vendor, account)
                .map(expiresAfter)
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
        return new Incoming(message, api, from.plus(expiresAfter.apply(account)).toEpochMilli(), source);
    }
}
