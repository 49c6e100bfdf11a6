package dev.switchboard.torture;

import dev.switchboard.Stores;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** The faults that can be asked for by name, each with what makes a round of it. */
enum Scenario {
    KILL,
    KILL_AT,
    TERM,
    RESET,
    HANG,
    HALF,
    GARBAGE,
    STORM_429,
    OUTAGE,
    BROKER_DOWN,
    POSTGRESQL_DOWN,
    DISK_FULL,
    CLOCK,
    JMS_TWICE,
    SECOND_PROCESS,
    INSTANCE_KILL,
    INSTANCE_FREEZE,
    INSTANCE_CUT;

    /** How one round is played. */
    record Play(Stores stores, long seed, boolean shortForm) {

        long millis() {
            return shortForm ? 2_000 : 8_000;
        }

        Trouble outage() {
            List<Trouble> kinds = List.of(Trouble.OUT_503, Trouble.OUT_SILENT, Trouble.OUT_RESET);
            return kinds.get(new Random(seed).nextInt(kinds.size()));
        }
    }

    Fault fault(Play play) {
        boolean brief = play.shortForm();
        return switch (this) {
            case KILL -> new RandomKills(brief ? 2 : 12, play.seed());
            case KILL_AT -> new KillsAtPoints(List.of(KillPoint.values()), play.seed());
            case TERM -> new Terminations(brief ? 1 : 4);
            case RESET, HANG, HALF, GARBAGE, STORM_429 -> new VendorTrouble(Trouble.valueOf(name()), play.millis());
            case OUTAGE -> new Outage(play.outage(), Duration.ofSeconds(brief ? 6 : 60));
            case BROKER_DOWN -> new BrokerDown(brief ? 1 : 3);
            case POSTGRESQL_DOWN -> new PostgresDown(play.stores(), brief ? 1 : 3);
            case DISK_FULL -> new DiskFull(play.stores());
            case CLOCK -> new ClockJump(play.millis());
            case JMS_TWICE -> new JmsTwice(play.millis());
            case SECOND_PROCESS -> new SecondProcess(play.seed());
            case INSTANCE_KILL -> new InstanceTrouble(play.stores(), InstanceTrouble.What.KILL, play.seed());
            case INSTANCE_FREEZE -> new InstanceTrouble(play.stores(), InstanceTrouble.What.FREEZE, play.seed());
            case INSTANCE_CUT -> new InstanceTrouble(play.stores(), InstanceTrouble.What.CUT, play.seed());
        };
    }

    static Scenario of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--fault: there is none called " + name + ", but " + Arrays.toString(values())));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
