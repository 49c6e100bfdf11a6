package dev.switchboard.ownership;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells of a process of this machine at once whether it has ended; of any other, only time tells. */
final class LocalProcess {

    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path NUMBERS = Path.of("/proc/self/ns/pid");

    /** The start of the machine, and who counts its processes: a container counts its own. Empty where that is not known. */
    private static final String MACHINE = machine();

    /** This process. */
    static final String OURS = MACHINE + "/" + ProcessHandle.current().pid();

    private LocalProcess() {}

    private static String machine() {
        try {
            return Files.readString(BOOT).strip() + "/" + Files.readSymbolicLink(NUMBERS);
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    static boolean hasEnded(String process) {
        int number = process.lastIndexOf('/') + 1;
        return !MACHINE.isEmpty()
                && process.substring(0, number).equals(MACHINE + "/")
                && ProcessHandle.of(Long.parseLong(process.substring(number))).isEmpty();
    }
}
