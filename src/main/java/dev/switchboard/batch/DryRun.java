package dev.switchboard.batch;

import dev.switchboard.message.Fault;
import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import dev.switchboard.records.FileRecord;
import dev.switchboard.records.PlacedFault;
import dev.switchboard.records.Profile;
import dev.switchboard.records.Records;
import dev.switchboard.vendor.MessageCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads files as the intake does, with the same readers, settings and checks, and keeps and sends nothing. */
public final class DryRun {

    private final RecordCheck check;
    private final Profiles profiles;
    private final int ids;

    /** Reads files by the settings of all profiles. */
    public DryRun(MessageCheck check, Profiles profiles) {
        this(check, profiles, Repeats.MOST);
    }

    DryRun(MessageCheck check, Profiles profiles, int ids) {
        this.check = new RecordCheck(check);
        this.profiles = profiles;
        this.ids = ids;
    }

    /**
     * Takes a profile by its name.
     *
     * @throws IllegalArgumentException when there is no such profile
     */
    public void requireProfile(String name) {
        if (!name.isEmpty() && !profiles.names().contains(name)) {
            throw new IllegalArgumentException("there is no profile " + name + " (there are " + profiles.names() + ")");
        }
    }

    /**
     * Reads a file to its end, or to where it cannot be read further.
     *
     * @param profile the folder below {@code inbox/} that it would be in; empty for {@code inbox/} itself
     * @param most how many faults are kept with their places
     */
    public CheckReport read(Path file, String profile, int most) {
        var findings = new Findings(most);
        try {
            read(file, profiles.of(profile), findings);
        } catch (Records.Unreadable e) {
            findings.fault(e.fault());
            findings.stopped(e.fault().toString());
        }
        return new CheckReport(file.toString(), profile, findings);
    }

    private void read(Path file, Profile profile, Findings findings) {
        try (Records records = Records.open(file, profile)) {
            findings.layout(records.layout());
            var intake = new FileRun(profile, 0, 0);
            // reads on where the intake would stop because of what is invalid
            var whole = new FileRun(profile.goingOn(), 0, 0);
            var chunks = new Chunks(records, whole, "");
            var repeats = new Repeats(ids);
            var examination = new Examination(records, findings, repeats);
            while (chunks.hasNext()) {
                List<FileRecord> chunk = chunks.next().records();
                int invalid = examination.of(chunk, !intake.ended());
                if (!intake.ended()) {
                    intake.count(chunk.size(), invalid);
                }
            }
            if (repeats.full()) {
                findings.remembered(ids);
            }
            conclude(intake, whole, findings);
        } catch (IOException e) {
            throw new Records.Unreadable("the file cannot be read: " + e.getMessage(), e);
        }
    }

    private static void conclude(FileRun intake, FileRun whole, Findings findings) {
        PlacedFault unreadable = whole.unreadable();
        if (unreadable != null) {
            findings.fault(unreadable);
            intake.stop(unreadable);
        }
        boolean checkFirst = intake.profile().checkFirst();
        String why = intake.whyNot();
        if (why != null) {
            findings.stopped(why);
        }
        if (why != null && !checkFirst && !intake.ended()) {
            findings.warning(why + ", which without check-first shows only when the others have been sent");
        }
        if (why != null && checkFirst) {
            findings.nothingSent();
        }
    }

    /** Examines the records of one file. */
    private final class Examination {

        private final Records records;
        private final Findings findings;
        private final Repeats repeats;

        Examination(Records records, Findings findings, Repeats repeats) {
            this.records = records;
            this.findings = findings;
            this.repeats = repeats;
        }

        /** Examines a chunk, and returns how many of its records are invalid by themselves. */
        int of(List<FileRecord> chunk, boolean sent) {
            int invalid = 0;
            for (FileRecord record : chunk) {
                try {
                    known(record, check.message(record, ""), sent);
                } catch (Refused e) {
                    invalid++;
                    refused(record, e);
                }
            }
            return invalid;
        }

        /** Records without an id get one of their own, and need not be remembered. */
        private void known(FileRecord record, Message message, boolean sent) {
            boolean named = record.json() != null && record.json().hasNonNull("id");
            switch (named ? repeats.add(message) : Repeats.Kind.NEW) {
                case NEW -> findings.message(message, sent);
                case DUPLICATE -> findings.duplicate(record);
                case CONFLICT ->
                    refused(
                            record,
                            Refused.invalid("id", "conflict", "an earlier record has this id with another message"));
            }
        }

        private void refused(FileRecord record, Refused why) {
            findings.invalid();
            PlacedFault unreadable = record.fault();
            if (unreadable != null) {
                findings.fault(unreadable);
                return;
            }
            List<Fault> faults = why.faults().isEmpty() ? List.of(Fault.of("", "json", why.title())) : why.faults();
            faults.forEach(fault -> findings.fault(fault, () -> records.place(record, fault.field())));
        }
    }
}
