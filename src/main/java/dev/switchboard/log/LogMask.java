package dev.switchboard.log;

import io.quarkus.logging.LoggingFilter;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Sees each log record before it is written: masks secrets, and keeps a record in one line, so that a name, an id
 * or a vendor's words can forge no line of their own.
 */
@LoggingFilter(name = "mask")
public final class LogMask implements Filter {

    private static final ExtFormatter MESSAGE = new PatternFormatter("%s");
    private static final String MASK = "***";
    private static final Pattern KEY = Pattern.compile("swb_[a-z0-9-]{1,40}_[A-Za-z0-9_-]{43}");
    private static final Pattern LOGIN = Pattern.compile("(?i)\\b(basic|bearer) +[A-Za-z0-9._~+/=-]{8,}");
    /** Whatever ends a line, moves the cursor or turns the direction of writing. */
    private static final Pattern CONTROL =
            Pattern.compile("[\\p{Cntrl}&&[^\\t]]|[\\u0085\\u2028-\\u202E\\u2066-\\u2069]");

    private static final int SHORTEST = 6;
    /** A failure may be its own cause, by a way round. */
    private static final int DEEPEST = 20;

    private static final List<String> SECRETS = new CopyOnWriteArrayList<>();

    /** Masks a text from now on. A text of fewer than 6 characters would be found in too many words. */
    public static void hide(String secret) {
        if (secret.length() >= SHORTEST && !SECRETS.contains(secret)) {
            SECRETS.add(secret);
            SECRETS.sort(Comparator.comparing(String::length).reversed());
        }
    }

    @Override
    public boolean isLoggable(LogRecord record) {
        if (record instanceof ExtLogRecord written) {
            String said = MESSAGE.formatMessage(written);
            String safe = safe(said);
            if (!safe.equals(said)) {
                written.setMessage(safe, ExtLogRecord.FormatStyle.NO_FORMAT);
            }
            written.setThrown(safe(written.getThrown(), 0));
        }
        return true;
    }

    /** Returns a text without secrets, in one line. */
    static String safe(String text) {
        String safe = text;
        for (String secret : SECRETS) {
            safe = safe.replace(secret, MASK);
        }
        safe = KEY.matcher(safe).replaceAll("swb_" + MASK);
        safe = LOGIN.matcher(safe).replaceAll("$1 " + MASK);
        return CONTROL.matcher(safe).replaceAll(LogMask::escaped);
    }

    private static String escaped(MatchResult control) {
        return switch (control.group().charAt(0)) {
            case '\n' -> "\\\\n";
            case '\r' -> "\\\\r";
            default -> String.format("\\\\u%04x", (int) control.group().charAt(0));
        };
    }

    /** Returns a failure to be written as this one, with safe words. */
    private static @Nullable Throwable safe(@Nullable Throwable failure, int depth) {
        return failure == null || depth > DEEPEST ? null : new Told(failure, depth);
    }

    /** A failure as the log tells it: its kind, its words made safe, and where it was thrown. */
    private static final class Told extends Throwable {

        private static final long serialVersionUID = 1;

        private final String words;

        Told(Throwable failure, int depth) {
            super(null, safe(failure.getCause(), depth + 1));
            this.words = safe(failure.toString());
            setStackTrace(failure.getStackTrace());
            for (Throwable suppressed : failure.getSuppressed()) {
                addSuppressed(new Told(suppressed, depth + 1));
            }
        }

        /** The log is to show the failure's own kind, not this one. */
        @Override
        @SuppressWarnings("OverrideThrowableToString")
        public String toString() {
            return words;
        }
    }
}
