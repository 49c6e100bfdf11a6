package dev.switchboard.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MagicTest {

    @ParameterizedTest
    @CsvSource({
        "fail-700,       fail, 700, ''",
        "fail-700-2,     fail, 700, 2",
        "fail-501-uuid,  fail, 501, uuid",
        "fail-501-uuid-8, fail, 501, uuid",
        "fail-501.uuid.8, fail, 501, uuid",
        "fail-1001,      fail, 1001, ''",
        "http-503,       http, 503, ''",
        "slow-2000-a,    slow, 2000, a",
        "drop,           drop, 0, ''",
        "drop-3,         drop, 0, 3",
        "garbage.x,      garbage, 0, x",
    })
    void saysWhatIsAskedFor(String conversation, String kind, int number, String word) {
        assertThat(Magic.of(conversation)).isEqualTo(new Magic(kind, number, word));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "room-1",
                "",
                "fail",
                "fail-",
                "fail-700x",
                "http-99",
                "http-600",
                "dropped",
                "FAIL-700",
                "a drop"
            })
    void anOrdinaryConversationAsksForNothing(String conversation) {
        assertThat(Magic.of(conversation).kind()).isEqualTo("none");
    }
}
