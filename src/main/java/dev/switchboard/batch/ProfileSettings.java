package dev.switchboard.batch;

import dev.switchboard.charset.Encoding;
import dev.switchboard.records.MaxInvalid;
import dev.switchboard.records.Profile;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code switchboard.files.*}. A setting that is wrong, or is none, is named. */
final class ProfileSettings {

    static final String SHARED = "switchboard.files.";

    private static final String COLUMNS = "columns.";
    private static final String DEFAULTS = "defaults.";
    private static final Set<String> KEYS = new TreeSet<>(
            Set.of(("charset max-invalid check-first on-too-many trailer max-unpacked max-ratio max-record"
                            + " require-done quiet")
                    .split(" ")));
    private static final Set<String> OF_ALL = Set.of("dir", "max-upload", "results.excel", "results.permissions");
    private static final Pattern OF_PROFILE = Pattern.compile("switchboard\\.files\\.profiles\\.([^.]+)\\..+");
    private static final Pattern PROFILE = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})(B|KiB|MiB|GiB)");

    private static final Duration LONGEST_QUIET = Duration.ofHours(24);

    private final SmallRyeConfig config;
    private final Set<String> fields;
    private final NavigableSet<String> names = new TreeSet<>();

    ProfileSettings(SmallRyeConfig config, Set<String> fields) {
        this.config = config;
        this.fields = fields;
        // names from the environment do not say where a word ends: those are only looked up
        config.getConfigSources().forEach(source -> {
            if (!(source instanceof EnvConfigSource)) {
                source.getPropertyNames().stream()
                        .filter(name -> name.startsWith(SHARED))
                        .forEach(names::add);
            }
        });
        names.forEach(this::refuseUnknown);
    }

    private void refuseUnknown(String name) {
        Matcher profile = OF_PROFILE.matcher(name);
        boolean shared = !profile.matches();
        String key = name.substring(shared ? SHARED.length() : profile.end(1) + 1);
        if (!shared && !PROFILE.matcher(profile.group(1)).matches()) {
            throw new IllegalArgumentException(name + ": a profile's name has only letters, digits, _ and -");
        }
        boolean known = KEYS.contains(key) || (shared && OF_ALL.contains(key));
        if (!known && !key.startsWith(COLUMNS) && !key.startsWith(DEFAULTS)) {
            throw new IllegalArgumentException(
                    name + ": is not a setting (there are columns.<name>, defaults.<field> and " + KEYS + ")");
        }
    }

    Set<String> profiles() {
        var profiles = new TreeSet<String>();
        names.forEach(name -> {
            Matcher profile = OF_PROFILE.matcher(name);
            if (profile.matches()) {
                profiles.add(profile.group(1));
            }
        });
        return profiles;
    }

    Profile profile(String name) {
        String own = name.isEmpty() ? SHARED : SHARED + "profiles." + name + ".";
        return new Profile(
                name,
                get(own, "charset", "auto", Encoding::setting),
                new Profile.Names(fields, values(own, COLUMNS, this::columnFault)),
                values(own, DEFAULTS, this::defaultFault),
                get(own, "max-invalid", "", text -> some(text).map(MaxInvalid::of)),
                get(own, "check-first", "false", text -> choice(text, "true", "false")),
                get(own, "on-too-many", "stop", text -> choice(text, "stop", "go-on")),
                get(own, "trailer", "", text -> some(text).map(ProfileSettings::trailer)),
                new Profile.Limits(
                        get(own, "max-unpacked", "20GiB", text -> size(text, Long.MAX_VALUE)),
                        get(own, "max-ratio", "200", ProfileSettings::ratio),
                        (int) (long) get(own, "max-record", "256KiB", text -> size(text, 64 << 20))),
                new Profile.Taking(
                        get(own, "require-done", "false", text -> choice(text, "true", "false")),
                        get(own, "quiet", "2s", ProfileSettings::quiet)));
    }

    /** Returns how many bytes an uploaded file may have. */
    long maxUpload() {
        return get(SHARED, "max-upload", "4GiB", text -> size(text, Long.MAX_VALUE));
    }

    /** Returns how files are written for others. */
    FilesConfig.Written written() {
        return new FilesConfig.Written(
                get(SHARED, "results.excel", "false", text -> choice(text, "true", "false")),
                get(SHARED, "results.permissions", "0640", ProfileSettings::permissions));
    }

    private static Set<PosixFilePermission> permissions(String text) {
        if (!text.matches("0?6[0246]{2}")) {
            throw new IllegalArgumentException("must be such as 0640, with which the bus itself can read and write");
        }
        var letters = new StringBuilder();
        text.chars()
                .skip(text.length() - 3L)
                .forEach(digit -> letters.append((digit & 4) > 0 ? 'r' : '-')
                        .append((digit & 2) > 0 ? 'w' : '-')
                        .append('-'));
        return PosixFilePermissions.fromString(letters.toString());
    }

    private <T> T get(String own, String key, String fallback, Function<String, T> parser) {
        Optional<String> set = config.getOptionalValue(own + key, String.class);
        String name = set.isPresent() ? own + key : SHARED + key;
        String text = set.or(() -> config.getOptionalValue(SHARED + key, String.class))
                .orElse(fallback);
        try {
            return parser.apply(text.strip());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    @FunctionalInterface
    private interface Check {
        Optional<String> fault(String key, String value);
    }

    /** A profile's own names go over the shared ones. */
    private Map<String, String> values(String own, String group, Check check) {
        var values = new TreeMap<String, String>();
        for (String prefix : List.of(SHARED + group, own + group)) {
            names.tailSet(prefix).stream()
                    .filter(name -> name.startsWith(prefix))
                    .forEach(name -> {
                        String key = Profile.Names.plain(unquoted(name.substring(prefix.length())));
                        String value =
                                config.getOptionalValue(name, String.class).orElse("");
                        check.fault(key, value).ifPresent(fault -> {
                            throw new IllegalArgumentException(name + ": " + fault);
                        });
                        values.put(key, value);
                    });
        }
        return Collections.unmodifiableMap(values);
    }

    private static String unquoted(String key) {
        boolean quoted = key.length() > 1 && key.startsWith("\"") && key.endsWith("\"");
        return quoted ? key.substring(1, key.length() - 1) : key;
    }

    private Optional<String> columnFault(String column, String field) {
        return field.equals(Profile.Names.LEFT_OUT) ? Optional.empty() : defaultFault(field, field);
    }

    private Optional<String> defaultFault(String field, String value) {
        if (value.isEmpty()) {
            return Optional.of("must not be empty");
        }
        return new Profile.Names(fields, Map.of()).isField(field)
                ? Optional.empty()
                : Optional.of(field + " is not a field of a message (there are labels.<name> and "
                        + new TreeSet<>(fields) + ")");
    }

    private static Optional<String> some(String text) {
        return Optional.of(text).filter(set -> !set.isEmpty());
    }

    private static boolean choice(String text, String yes, String no) {
        if (!text.equals(yes) && !text.equals(no)) {
            throw new IllegalArgumentException("must be " + yes + " or " + no);
        }
        return text.equals(yes);
    }

    /** Compiles a trailer's form. */
    private static Pattern trailer(String text) {
        Pattern trailer = Pattern.compile(text);
        if (trailer.matcher("").groupCount() != 1) {
            throw new IllegalArgumentException("must have one group, for the number of records, as in #count=(\\d+)");
        }
        return trailer;
    }

    private static long ratio(String text) {
        if (!text.matches("[1-9]\\d{0,5}")) {
            throw new IllegalArgumentException("must be a number from 1 to 999999");
        }
        return Long.parseLong(text);
    }

    private static Duration quiet(String text) {
        Duration quiet = DurationConverter.parseDuration(text);
        if (quiet == null || quiet.isNegative() || quiet.compareTo(LONGEST_QUIET) > 0) {
            throw new IllegalArgumentException("must be from 0s to 24h, such as 500ms, 10s or 5m");
        }
        return quiet;
    }

    private static long size(String text, long most) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException("must be a size such as 256KiB or 20GiB");
        }
        int power = List.of("B", "KiB", "MiB", "GiB").indexOf(size.group(2));
        long bytes = Math.multiplyExact(Long.parseLong(size.group(1)), 1L << (10 * power));
        if (bytes < 1 || bytes > most) {
            throw new IllegalArgumentException("must be from 1B to " + most + "B");
        }
        return bytes;
    }
}
