package dev.switchboard.intake;

/** Hears of messages that were not taken in; it must be quick and must not fail. */
@FunctionalInterface
public interface Refusals {

    /** A message that came by an intake was refused with a status as REST has it. */
    void refused(String intake, int status);
}
