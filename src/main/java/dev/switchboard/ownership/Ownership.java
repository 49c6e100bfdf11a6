package dev.switchboard.ownership;

/** How an attempt to become the one owner of a lane or topic went. */
public enum Ownership {
    /** Another process has it. */
    ELSEWHERE,
    /** This process has it now; another one may have had it before. */
    ANEW,
    /** This process had it before its connection was lost, and no one else meanwhile. */
    KEPT
}
