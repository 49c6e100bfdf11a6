package dev.switchboard.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

    private static final Pattern PLACE = Pattern.compile("\\{\\d}");

    @ParameterizedTest
    @ValueSource(strings = {"ko", "pl"})
    void eachTextIsThereInEachLanguage(String language) {
        Properties english = Texts.read("en");
        Properties other = Texts.read(language);
        assertThat(other.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
        other.forEach((name, text) -> {
            assertThat(String.valueOf(text)).as("%s", name).isNotBlank();
            assertThat(places(text)).as("%s", name).isEqualTo(places(english.getProperty(String.valueOf(name), "")));
        });
    }

    private static List<String> places(Object text) {
        return PLACE.matcher(String.valueOf(text))
                .results()
                .map(found -> found.group())
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, en",
                "-, 'pl,en;q=0.5', pl",
                "-, 'fr,ko-KR;q=0.8,en;q=0.5', ko",
                "ko, pl, ko",
                "xx, pl, pl",
                "-, ';;q=x', en"
            })
    void theLanguageIsTheChosenOrTheBestThatTheBrowserNames(String chosen, String accepted, String language) {
        assertThat(Texts.language(chosen, accepted)).isEqualTo(language);
    }

    @Test
    void aNameWithoutATextIsShownAsItIs() {
        assertThat(Texts.of("state", "unheard-of", "en")).isEqualTo("unheard-of");
    }
}
