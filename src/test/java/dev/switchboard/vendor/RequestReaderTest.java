package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes is the same in whichever pieces it comes. */
class RequestReaderTest {

    private static final String GET = "GET /rooms/1?x=%20 HTTP/1.1\r\nHost: a\r\naccept: b\r\nAccept: c\r\n\r\n";
    private static final String CHUNKED =
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n";

    private static RequestReader reading(String bytes, int piece) {
        return new RequestReader(new ByteArrayInputStream(bytes.getBytes(StandardCharsets.UTF_8)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, piece));
            }
        });
    }

    private static String post(String body) {
        return "POST / HTTP/1.1\r\ncontent-length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100_000})
    void requestsThatComeTogetherAreReadOneByOne(int piece) throws IOException {
        RequestReader reader = reading(GET + post("안녕") + CHUNKED + GET, piece);
        Request first = reader.read();
        assertThat(first.method()).isEqualTo("GET");
        assertThat(first.path()).isEqualTo("/rooms/1?x=%20");
        assertThat(first.headerLines()).containsExactly("Host: a", "accept: b", "Accept: c");
        assertThat(first.header("ACCEPT")).contains("b, c");
        assertThat(first.header("Acc")).isEmpty();
        assertThat(reader.read().body()).isEqualTo("안녕");
        assertThat(reader.read().body()).isEqualTo("hello world");
        assertThat(reader.comes()).isTrue();
        assertThat(reader.read().body()).isEmpty();
        assertThat(reader.comes()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 100_000})
    void aBodyMayBeLongerThanWhatIsReadAtOnce(int piece) throws IOException {
        String body = "long ".repeat(10_000);
        RequestReader reader = reading(post(body) + post(body), piece);
        assertThat(reader.read().body()).isEqualTo(body);
        assertThat(reader.read().body()).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 60, 90})
    void aRequestThatBreaksOffIsNone(int length) {
        RequestReader torn = reading(post("x".repeat(100)).substring(0, length), 7);
        assertThatThrownBy(torn::read).isInstanceOf(EOFException.class);
    }
}
