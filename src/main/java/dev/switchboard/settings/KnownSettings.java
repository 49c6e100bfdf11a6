package dev.switchboard.settings;

import io.smallrye.config.SmallRyeConfig;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names of all settings. In a name, {@code *} stands for one word, such as an account's name, and {@code **} for anything, such
 * as a column of a file.
 */
public final class KnownSettings {

    private static final List<String> LANE =
            words("concurrency expires-after holidays hours hours.* idle later max-answer"
                    + " quiet-hours quiet-hours.* rate retry timeout uncertain zone");
    private static final List<String> PROFILE =
            words("charset check-first columns.** defaults.** max-invalid max-ratio max-record"
                    + " max-unpacked on-too-many quiet require-done trailer");

    private static final Set<String> OF_COMMANDS = Set.of("SWITCHBOARD_URL", "SWITCHBOARD_KEY");

    /** All but those of vendors. */
    public static final KnownSettings OF_THE_BUS = new KnownSettings(Stream.of(
                    below("", "data-dir host-names insecure lib.dir routes.dir sandbox.enabled shutdown.delay"),
                    below("broker.", "consumers expire host password port url username"),
                    below("circuit.", "failures probe probe-max window"),
                    below("console.", "hosts session-lifetime"),
                    below("events.", "dead-letters-per-minute webhook.secret webhook.url"),
                    below("files.", "dir max-upload results.excel results.permissions"),
                    below("files.", PROFILE),
                    below("files.profiles.*.", PROFILE),
                    below("lane.", LANE),
                    below("oidc.", "audience client-id client-secret issuer lanes-claim name-claim roles-claim"),
                    below("oidc.roles.", "admin operator reader sender"),
                    below("public.", "host port"),
                    below("retention.", "bodies files messages"),
                    below("start.", "per-second per-second-of-one public"),
                    below("store.", "key-file max-size password url username"),
                    below("vendors.", "proxy proxy-password proxy-username trust-store trust-store-password"))
            .flatMap(names -> names)
            .toList());

    private final List<Template> templates;

    private KnownSettings(Collection<String> names) {
        // the one with the longest words of its own is the one that a variable means
        this.templates = names.stream()
                .map(Template::of)
                .sorted(Comparator.comparingInt((Template each) -> -each.name.length())
                        .thenComparing(Template::name))
                .toList();
    }

    /** Returns these and others. */
    public KnownSettings and(Stream<String> more) {
        return new KnownSettings(
                Stream.concat(templates.stream().map(Template::name), more).toList());
    }

    /**
     * Returns what a vendor's accounts, and the vendor itself, may set.
     *
     * @param ofAccounts the settings of its accounts
     * @param ofVendor the settings that all of its accounts share
     */
    public static Stream<String> vendor(String vendor, Collection<String> ofAccounts, Collection<String> ofVendor) {
        String prefix = "vendors." + vendor + ".";
        return Stream.of(
                        below(prefix, "accounts"),
                        below(prefix, ofVendor),
                        below(prefix + "accounts.*.", ofAccounts),
                        below(prefix + "accounts.*.lane.", "gate"),
                        below(prefix + "accounts.*.lane.", LANE))
                .flatMap(names -> names);
    }

    private static Stream<String> below(String prefix, String names) {
        return below(prefix, words(names));
    }

    private static Stream<String> below(String prefix, Collection<String> names) {
        return names.stream().map(name -> SetNames.OURS + prefix + name);
    }

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }

    /** Returns the names, in the order of the alphabet. */
    public SortedSet<String> names() {
        return templates.stream().map(Template::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Refuses names in files and of -D that no one reads.
     *
     * @throws IllegalArgumentException naming the setting, and those that could be meant
     */
    public void check(SmallRyeConfig config) {
        SetNames.written(config).forEach(this::check);
    }

    /** Refuses a name that no one reads. */
    public void check(String name) {
        if (templates.stream().noneMatch(each -> each.pattern.matcher(name).matches())) {
            throw new IllegalArgumentException(name + ": is not a setting" + others(name));
        }
    }

    /** Says how names go on that begin as this one does. */
    private String others(String name) {
        String[] words = name.split("\\.", -1);
        for (int shared = words.length - 1; shared > 0; shared--) {
            List<String> begin = List.of(words).subList(0, shared);
            SortedSet<String> next = templates.stream()
                    .filter(each -> each.beginsWith(begin))
                    .map(each -> each.words.get(begin.size()))
                    .collect(Collectors.toCollection(TreeSet::new));
            if (!next.isEmpty()) {
                return " (after " + String.join(".", begin) + ". there may be " + next + ")";
            }
        }
        return "";
    }

    /** Returns the names of what is set, as files write it; for variables of the environment, as {@link #setBy} says. */
    public SortedSet<String> in(SmallRyeConfig config) {
        SortedSet<String> written = SetNames.written(config);
        var names = new TreeSet<>(written);
        SetNames.variables(config).forEach(variable -> setBy(variable, written).ifPresent(names::add));
        return names;
    }

    /**
     * Returns the setting that a variable is for. Of two that it could be, it is the one with the longer name after an account's:
     * {@code …_A_BIZ_URL} is {@code biz-url} of the account {@code a}, not {@code url} of {@code a-biz}.
     */
    private Optional<String> setBy(String variable, SortedSet<String> written) {
        return templates.stream()
                .flatMap(each -> each.setBy(variable, written).stream())
                .findFirst();
    }

    /** Returns the variables of the environment that begin as ours do and set nothing. */
    public List<String> unknownVariables(SmallRyeConfig config) {
        SortedSet<String> written = SetNames.written(config);
        Set<String> spelt = written.stream().map(SetNames::variable).collect(Collectors.toSet());
        return SetNames.variables(config).stream()
                .filter(variable -> !OF_COMMANDS.contains(variable)
                        && !spelt.contains(variable)
                        && setBy(variable, written).isEmpty())
                .toList();
    }

    private record Template(String name, List<String> words, Pattern pattern, Pattern variable) {

        static Template of(String name) {
            List<String> words = List.of(name.split("\\."));
            String dotted = Pattern.quote(name).replace("**", "\\E.+\\Q").replace("*", "\\E[^.]+\\Q");
            String capitals = Arrays.stream(name.split("\\*", -1))
                    .map(SetNames::variable)
                    .collect(Collectors.joining("([A-Z0-9_]+)"));
            return new Template(name, words, Pattern.compile(dotted), Pattern.compile(capitals));
        }

        boolean beginsWith(List<String> begin) {
            if (words.size() <= begin.size()) {
                return false;
            }
            for (int at = 0; at < begin.size(); at++) {
                if (!words.get(at).equals("*") && !words.get(at).equals(begin.get(at))) {
                    return false;
                }
            }
            return true;
        }

        /** What {@code **} stands for may have capitals and any character, which the environment has not. */
        Optional<String> setBy(String called, SortedSet<String> written) {
            Matcher matcher = variable.matcher(called);
            if (name.contains("**") || !matcher.matches()) {
                return Optional.empty();
            }
            String set = name;
            for (int group = 1; group <= matcher.groupCount(); group++) {
                String before = set.substring(0, set.indexOf('*'));
                set = before + word(matcher.group(group), before, written) + set.substring(before.length() + 1);
            }
            return Optional.of(set);
        }

        /** A word that a file has too is spelt as there. */
        private static String word(String capitals, String before, SortedSet<String> written) {
            return written.tailSet(before).stream()
                    .takeWhile(name -> name.startsWith(before))
                    .map(name -> name.substring(before.length()).split("\\.", 2)[0])
                    .filter(word -> SetNames.variable(word).equals(capitals))
                    .findFirst()
                    .orElseGet(() -> SetNames.word(capitals));
        }
    }
}
