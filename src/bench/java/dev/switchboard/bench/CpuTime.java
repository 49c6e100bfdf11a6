package dev.switchboard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** CPU time that processes have taken, in seconds, as Linux counts it. */
final class CpuTime {

    /** How fast the clock of {@code /proc/<pid>/stat} ticks (USER_HZ). */
    private static final double TICKS = 100;

    private static final int USER = 11;
    private static final int OF_ENDED_CHILDREN = 13;

    private CpuTime() {}

    /** Returns that of one process. */
    static double of(ProcessHandle process) throws IOException {
        return sum(process, USER);
    }

    /** Returns that of a process and its children, those that have ended included. */
    static double ofAll(ProcessHandle process) throws IOException {
        double sum = of(process) + sum(process, OF_ENDED_CHILDREN);
        for (ProcessHandle child : process.children().toList()) {
            sum += ofChild(child);
        }
        return sum;
    }

    private static double ofChild(ProcessHandle child) throws IOException {
        try {
            return of(child);
        } catch (NoSuchFileException e) {
            return 0; // it has just ended
        }
    }

    /** Adds a user's time and the system's time after it. */
    private static double sum(ProcessHandle process, int field) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1])) / TICKS;
    }
}
