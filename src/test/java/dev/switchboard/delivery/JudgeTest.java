package dev.switchboard.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeTest {

    private static String httpDate(Instant time) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
    }

    @Test
    void retryAfterIsSecondsOrADate() {
        Instant before = Instant.now();
        assertThat(Judge.retryAfter(" 120 "))
                .isBetween(before.plusSeconds(120), Instant.now().plusSeconds(120));
        Instant asked = before.plusSeconds(300).truncatedTo(ChronoUnit.SECONDS);
        assertThat(Judge.retryAfter(httpDate(asked))).isEqualTo(asked);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3601", "999999999", "99999999999", "99999999999999999999999"})
    void retryAfterIsAtMostAnHour(String asked) {
        Instant before = Instant.now();
        assertThat(Judge.retryAfter(asked))
                .isBetween(before.plusSeconds(3600), Instant.now().plusSeconds(3600));
    }

    @Test
    void aDateFarAheadIsAtMostAnHour() {
        assertThat(Judge.retryAfter(httpDate(Instant.now().plus(9, ChronoUnit.DAYS))))
                .isBefore(Instant.now().plusSeconds(3601));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "-5", "1.5", "soon", "0x10", "2026-01-01T00:00:00Z"})
    void whatIsNoTimeIsNotObeyed(String header) {
        assertThat(Judge.retryAfter(header)).isNull();
    }
}
