package dev.switchboard.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The hash recognises a message that comes a second time, even after an upgrade, so it must stay as it is. */
class MessageHashTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static String hash(String json) throws Exception {
        return new Message((ObjectNode) JSON.readTree(json)).hash();
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void itIsOfTheFieldsInOrderWithTheirValuesInJson() throws Exception {
        String text = "\"say \\\"hi\\\" \\\\ / \\n\\t\\u0001 \u007f 한 🙂 \u2028\"";
        assertThat(hash("{\"text\":" + text + ",\"id\":\"1\",\"a\":1.50,\"b\":[\"x\",null],\"c\":true,\"n\":null}"))
                .isEqualTo(sha256("a=1.5\nb=[\"x\",null]\nc=true\nn=null\ntext=" + text + "\n"));
    }

    @Test
    void objectsAreSortedToo() throws Exception {
        assertThat(hash("{\"labels\":{\"b\":\"2\",\"a\":{\"z\":1,\"y\":\"\"}}}"))
                .isEqualTo(sha256("labels={a={y=\"\", z=1}, b=\"2\"}\n"));
    }
}
