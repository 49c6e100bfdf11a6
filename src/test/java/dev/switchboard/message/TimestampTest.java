package dev.switchboard.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampTest {

    @ParameterizedTest
    @CsvSource({
        "2027-01-01T00:00:00-00:00, 2027-01-01T00:00:00Z",
        "2027-01-01T09:00:00+09:00, 2027-01-01T00:00:00Z",
        "2027-01-01T00:00:00.1234567899Z, 2027-01-01T00:00:00.123456789Z",
        "2027-01-01t00:00:00.5z, 2027-01-01T00:00:00.5Z",
        "1990-12-31T23:59:60Z, 1991-01-01T00:00:00Z",
        "1990-12-31T15:59:60.25-08:00, 1991-01-01T00:00:00.25Z",
        "2016-07-01T08:59:60+09:00, 2016-07-01T00:00:00Z",
        "2027-01-02T00:00:00+23:59, 2027-01-01T00:01:00Z",
        "2028-02-29T00:00:00Z, 2028-02-29T00:00:00Z"
    })
    void whatRfc3339AllowsIsRead(String text, Instant time) {
        assertThat(Timestamp.parse(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2027-01-01",
                "2027-01-01T00:00Z",
                "2027-01-01T00:00:00",
                "2027-01-01 00:00:00Z",
                "2027-01-01T00:00:00+0900",
                "2027-01-01T00:00:00+09",
                "2027-01-01T00:00:00+24:00",
                "2027-01-01T00:00:00+09:60",
                "2027-01-01T24:00:00Z",
                "2027-01-01T00:60:00Z",
                "2027-01-01T00:00:61Z",
                "2027-01-01T12:00:60Z",
                "2027-01-15T23:59:60Z",
                "2027-02-29T00:00:00Z",
                "2027-13-01T00:00:00Z",
                "2027-01-01T00:00:00.Z",
                "2027-01-01T00:00:00,5Z",
                "12027-01-01T00:00:00Z",
                "+2027-01-01T00:00:00Z",
                "２０２７-01-01T00:00:00Z",
                "2027-01-01T00:00:00Z ",
                "2027-01-01T00:00:00Z\n"
            })
    void whatRfc3339DoesNotAllowIsRefused(String text) {
        assertThatThrownBy(() -> Timestamp.parse(text)).isInstanceOf(DateTimeException.class);
    }

    @ParameterizedTest
    @CsvSource({"1767225600000, 2026-01-01T00:00:00Z", "9223372036854775807, 9999-12-31T23:59:59.999Z"})
    void eachTimeIsWrittenSoThatItCanBeRead(long millis, String text) {
        assertThat(Timestamp.of(millis)).isEqualTo(text);
        assertThat(Timestamp.parse(text)).isNotNull();
    }
}
