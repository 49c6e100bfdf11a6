package dev.switchboard.batch;

import dev.switchboard.charset.Encoding;
import dev.switchboard.records.MaxInvalid;
import dev.switchboard.records.Profile;
import dev.switchboard.settings.KnownSettings;
import dev.switchboard.settings.Setting;
import io.smallrye.config.SmallRyeConfig;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
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
    private static final Pattern OF_PROFILE = Pattern.compile("switchboard\\.files\\.profiles\\.([^.]+)\\..+");
    private static final Pattern PROFILE = Pattern.compile("[A-Za-z0-9_-]+");

    private static final Duration LONGEST_QUIET = Duration.ofHours(24);

    private final SmallRyeConfig config;
    private final Set<String> fields;
    private final SortedSet<String> names;

    ProfileSettings(SmallRyeConfig config, Set<String> fields) {
        this.config = config;
        this.fields = fields;
        this.names = KnownSettings.OF_THE_BUS.in(config);
    }

    Set<String> profiles() {
        var profiles = new TreeSet<String>();
        names.forEach(name -> {
            Matcher profile = OF_PROFILE.matcher(name);
            if (profile.matches()) {
                if (!PROFILE.matcher(profile.group(1)).matches()) {
                    throw new IllegalArgumentException(name + ": a profile's name has only letters, digits, _ and -");
                }
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
        return Setting.read(config, fallback, parser, own + key, SHARED + key);
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
                    .takeWhile(name -> name.startsWith(prefix))
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
        Duration quiet = Setting.time(text);
        if (quiet.compareTo(LONGEST_QUIET) > 0) {
            throw new IllegalArgumentException("must be from 0s to 24h");
        }
        return quiet;
    }

    private static long size(String text, long most) {
        long bytes = Setting.size(text);
        if (bytes < 1 || bytes > most) {
            throw new IllegalArgumentException("must be from 1B to " + most + "B");
        }
        return bytes;
    }
}
