package dev.switchboard.records;

import dev.switchboard.message.Fault;

/**
 * Something that is wrong in a file, and where.
 *
 * @param place where it is
 * @param fault what it is
 */
public record PlacedFault(Place place, Fault fault) {

    /** Makes a fault of what is not a field of a message. */
    static PlacedFault of(Place place, String rule, String detail) {
        return new PlacedFault(place, Fault.of("", rule, detail));
    }

    @Override
    public String toString() {
        return place.prefix() + fault;
    }
}
