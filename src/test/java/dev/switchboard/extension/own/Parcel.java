package dev.switchboard.extension.own;

/** What an operator's own processor makes and own type converter writes. */
public record Parcel(String number) {}
