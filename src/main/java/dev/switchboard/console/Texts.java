package dev.switchboard.console;

import io.quarkus.qute.TemplateExtension;
import io.quarkus.qute.TemplateExtension.TemplateAttribute;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.NumberFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The words of the screens, one file a language: {@code console/texts_<language>.properties}. In templates
 * {@code {t:name}} is one of them, {@code {t:of('state', m.state)}} the one for a name of the contract, and
 * {@code {t:fill('name', value)}} one with a value instead of <code>{0}</code>.
 */
final class Texts {

    /** The languages, by their own names; the first is taken where none fits. */
    static final Map<String, String> LANGUAGES = languages();

    static final String ATTRIBUTE = "language";

    private static final String ENGLISH = "en";
    private static final Map<String, Properties> ALL = LANGUAGES.keySet().stream()
            .collect(java.util.stream.Collectors.toUnmodifiableMap(language -> language, Texts::read));

    private Texts() {}

    private static Map<String, String> languages() {
        var languages = new LinkedHashMap<String, String>();
        languages.put(ENGLISH, "English");
        languages.put("ko", "한국어");
        languages.put("pl", "Polski");
        return languages;
    }

    static Properties read(String language) {
        String name = "/console/texts_" + language + ".properties";
        var texts = new Properties();
        try (Reader in = new InputStreamReader(
                Objects.requireNonNull(Texts.class.getResourceAsStream(name), name), StandardCharsets.UTF_8)) {
            texts.load(in);
            return texts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Chooses the language of a reader: the one that was chosen before, or the best of those that the browser names. */
    static String language(@Nullable String chosen, @Nullable String accepted) {
        if (chosen != null && LANGUAGES.containsKey(chosen)) {
            return chosen;
        }
        try {
            List<LanguageRange> ranges = LanguageRange.parse(accepted == null ? ENGLISH : accepted);
            return ranges.stream()
                    .map(range -> range.getRange().replaceFirst("-.*", ""))
                    .filter(LANGUAGES::containsKey)
                    .findFirst()
                    .orElse(ENGLISH);
        } catch (IllegalArgumentException e) {
            return ENGLISH;
        }
    }

    /** Returns whether there is a text of that name. */
    static boolean has(String name) {
        return Objects.requireNonNull(ALL.get(ENGLISH)).containsKey(name);
    }

    @TemplateExtension(namespace = "t", matchName = TemplateExtension.ANY, priority = 1)
    static String text(String name, @TemplateAttribute(ATTRIBUTE) Object language) {
        String text =
                ALL.getOrDefault(String.valueOf(language), new Properties()).getProperty(name);
        if (text == null) {
            throw new IllegalArgumentException("no text " + name + " in " + language);
        }
        return text;
    }

    /** A name that has no text (of a later version's contract, say) is shown as it is. */
    @TemplateExtension(namespace = "t")
    static String of(String group, Object name, @TemplateAttribute(ATTRIBUTE) Object language) {
        return Objects.requireNonNull(ALL.get(String.valueOf(language)))
                .getProperty(group + "_" + name, String.valueOf(name));
    }

    /** Returns a number as it is written in the language; anything else stays as it is. */
    @TemplateExtension
    static String counted(Object value, @TemplateAttribute(ATTRIBUTE) Object language) {
        return value instanceof Number
                ? NumberFormat.getNumberInstance(Locale.forLanguageTag(String.valueOf(language)))
                        .format(value)
                : String.valueOf(value);
    }

    @TemplateExtension(namespace = "t")
    static String fill(String name, Object value, @TemplateAttribute(ATTRIBUTE) Object language) {
        return text(name, language).replace("{0}", String.valueOf(value));
    }
}
