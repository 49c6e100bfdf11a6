package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Fault;
import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of messages, on the packaged vendors. */
class MessageCheckTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final MessageCheck CHECK = check();
    private static final String SEND =
            "{'vendor':'happytalk','operation':'send','customerId':'user-01','conversationId':'r','text':'t'}";
    private static final String END = "{'vendor':'thulium','operation':'end','conversationId':'c'}";
    private static final String START = "{'vendor':'kakao','operation':'start'}";

    private static MessageCheck check() {
        var folder = RouteFolder.read(Optional.empty());
        var config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "switchboard.vendors.happytalk.accounts.default.client-id", "i",
                                "switchboard.vendors.happytalk.accounts.default.client-secret", "s",
                                "switchboard.vendors.thulium.accounts.default.url", "https://h/api",
                                "switchboard.vendors.thulium.accounts.default.username", "u",
                                "switchboard.vendors.thulium.accounts.default.password", "p",
                                "switchboard.vendors.kakao.accounts.default.channel", "@shop",
                                "switchboard.vendors.kakao.accounts.bare.call", "none"),
                        "test",
                        100))
                .build();
        return new MessageCheck(folder, new Vendors(Vendor.readAll(folder), config, Map.of()));
    }

    private static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Refused refused(ObjectNode message) {
        Refused refused = catchThrowableOfType(Refused.class, () -> CHECK.check(message));
        assertThat(refused).as(message.toString()).isNotNull();
        return refused;
    }

    private static Fault fault(ObjectNode message) {
        Refused refused = refused(message);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.faults()).hasSize(1);
        return refused.faults().get(0);
    }

    private static ObjectNode with(String message, String fields) {
        ObjectNode json = json(message);
        json.setAll(json(fields));
        return json;
    }

    @Test
    void aMessageGetsItsDefaults() {
        Message message = CHECK.check(json(SEND));
        assertThat(message.account()).isEqualTo("default");
        assertThat(message.json().path("type").asText()).isEqualTo("text");
        assertThat(message.json().has("id")).isFalse();
        assertThat(CHECK.check(json(START)).json().path("channel").asText()).isEqualTo("@shop");
    }

    @Test
    void theMessageThatBeginsTheConversationMayBeNamedInItsPlace() {
        Message message = CHECK.check(with(SEND, "{'conversationId':null,'conversationOf':'start-1'}"));
        assertThat(message.conversationOf()).isEqualTo("start-1");
        assertThat(message.conversationId()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'vendor':'kakao','operation':'start','bot':'true','event':'LONG'}",
                "{'vendor':'kakao','operation':'start','channel':'@LONG'}",
                "{'vendor':'thulium','operation':'start','queue':'LONG','firstName':'LONG','clientId':'LONG'}",
                "{'vendor':'thulium','operation':'send','conversationId':'c','text':'LONG','chatbotId':'LONG'}"
            })
    void whatNoDocumentLimitsMayBeLong(String message) {
        ObjectNode json = json(message.replace("LONG", "x".repeat(300)));
        assertThat(CHECK.check(json).json().properties()).containsAll(json.properties());
    }

    @Test
    void whatCameInIsNotChanged() {
        ObjectNode message = json(SEND);
        CHECK.check(message);
        assertThat(message).isEqualTo(json(SEND));
    }

    @Test
    void aFieldThatIsNullIsAbsent() {
        assertThat(CHECK.check(with(SEND, "{'url':null,'labels':null}")).json().has("url"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // message | fields | field | rule | limit | length
                "send  | {'vendor':'unknown'}        | vendor         | enum       | [happytalk, kakao, thulium] | ~~",
                "send  | {'vendor':7}               | vendor         | type       | ~~         | ~~",
                "send  | {'operation':'begin'}      | operation      | enum       | [available, counsellors, end, send, start, transcript, transcripts] | ~~",
                "send  | {'account':'other'}        | account        | configured | [default]  | ~~",
                "send  | {'operation':'transcript','customerId':null,'text':null} | account | configured | ~~ | ~~",
                "send  | {'customerId':null}        | customerId     | required   | ~~         | ~~",
                "send  | {'customerId':'1234'}      | customerId     | minLength  | 5          | 4",
                "send  | {'customerId':12345}       | customerId     | type       | ~\"string\"~ | ~~",
                "send  | {'text':''}                | text           | minLength  | 1          | 0",
                "send  | {'text':null}              | text           | required   | ~~         | ~~",
                "send  | {'url':'/a'}               | url            | unused     | ~~         | ~~",
                "send  | {'type':'image','url':'/a'} | text          | unused     | ~~         | ~~",
                "send  | {'colour':'red'}           | colour         | unknown    | ~~         | ~~",
                "send  | {'id':'a b'}               | id             | pattern    | ~\"^[A-Za-z0-9._:-]{1,128}$\"~ | 3",
                "send  | {'notBefore':'tomorrow'}   | notBefore      | format     | ~~         | ~~",
                "send  | {'notBefore':'2026-01-01'} | notBefore      | format     | ~~         | ~~",
                "send  | {'labels':{'a':1}}         | labels/a       | type       | ~\"string\"~ | ~~",
                "send  | {'text':'a\\u0000b'}       | text           | characters | ~~         | ~~",
                "send  | {'text':'a\\ud83d'}        | text           | characters | ~~         | ~~",
                "send  | {'text':'\\ude00a'}        | text           | characters | ~~         | ~~",
                "send  | {'labels':{'a\\u0000':'b'}} | labels        | characters | ~~         | ~~",
                "send  | {'conversationId':null}    | conversationId | required   | ~~         | ~~",
                "send  | {'conversationOf':'m-0'}   | conversationId | unused     | ~~         | ~~",
                "send  | {'conversationId':null,'conversationOf':'a b'} | conversationOf | pattern | ~\"^[A-Za-z0-9._:-]{1,128}$\"~ | 3",
                "send  | {'conversationId':null,'conversationOf':'m','id':'m'} | conversationOf | other | ~~ | ~~",
                "start | {'conversationOf':'m-0'}   | conversationOf | unknown    | ~~         | ~~",
                "end   | {'conversationId':'.'}     | conversationId | not        | ~~         | 1",
                "end   | {'conversationId':'..'}    | conversationId | not        | ~~         | 2",
                "end   | {'customerId':'user-01'}   | customerId     | unknown    | ~~         | ~~",
                "start | {'account':'bare'}         | channel        | required   | ~~         | ~~",
                "start | {'channel':'shop'}         | channel        | pattern    | ~\"^@.\"~  | 4",
                "start | {'event':'hi'}             | event          | unused     | ~~         | ~~",
                "start | {'event':'hi','bot':false} | event          | unused     | ~~         | ~~",
                "start | {'bot':'TRUE'}             | bot            | enum       | ~[\"false\",\"true\",\"auto\",false,true]~ | 4",
            })
    void eachRuleHasItsFault(String message, String fields, String field, String rule, String limit, String length) {
        String base = message.equals("send") ? SEND : message.equals("end") ? END : START;
        Fault fault = fault(with(base, fields));
        assertThat(fault.field()).isEqualTo(field);
        assertThat(fault.rule()).isEqualTo(rule);
        assertThat(fault.limit() == null ? "" : fault.limit().toString()).isEqualTo(limit);
        assertThat(fault.length() == null ? "" : fault.length().toString()).isEqualTo(length);
        assertThat(fault.detail()).isNotBlank();
    }

    @Test
    void lengthsAreCountedInCodePoints() {
        ObjectNode message = json(SEND);
        message.put("text", "😀".repeat(1000));
        assertThat(CHECK.check(message).text("text")).hasSize(2000);
        message.put("text", "😀".repeat(1001));
        Fault fault = fault(message);
        assertThat(fault.rule()).isEqualTo("maxLength");
        assertThat(fault.length()).isEqualTo(1001);
        assertThat(String.valueOf(fault.limit())).isEqualTo("1000");
        assertThat(fault.detail()).isEqualTo("has 1001 characters, at most 1000 are allowed");
    }

    @Test
    void everyFaultIsTold() {
        Refused refused = refused(with(SEND, "{'customerId':'1','colour':1,'notBefore':'x'}"));
        assertThat(refused.faults()).extracting(Fault::field).containsExactly("colour", "customerId", "notBefore");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "customerId", "notBefore", "id"})
    void noFaultHoldsTheValue(String field) {
        String value = "geheim ".repeat(300);
        Refused refused = refused(json(SEND).put(field, value));
        assertThat(refused.getMessage() + refused.faults()).doesNotContain("geheim");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-01-31T09:00:00Z", "2026-01-31T09:00:00.123+09:00", "2026-01-31t09:00:00z"})
    void aTimeOfRfc3339IsRead(String time) {
        assertThat(CHECK.check(json(SEND).put("notBefore", time)).notBefore()).isNotNull();
    }

    @Test
    void labelsAreFewAndShort() {
        ObjectNode message = json(SEND);
        ObjectNode labels = message.putObject("labels");
        for (int i = 0; i < 17; i++) {
            labels.put("l" + i, "x");
        }
        assertThat(fault(message).rule()).isEqualTo("maxProperties");
        message.putObject("labels").put("a", "x".repeat(256));
        assertThat(fault(message).field()).isEqualTo("labels/a");
        message.putObject("labels").put("x".repeat(65), "a");
        assertThat(refused(message).faults()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "\"text\"", "null"})
    void whatIsNoObjectIsNoMessage(String text) throws Exception {
        var json = JSON.readTree(text);
        Refused refused = catchThrowableOfType(Refused.class, () -> CHECK.check(json));
        assertThat(refused.status()).isEqualTo(400);
    }

    @Test
    void aPartWithTooManyPartsIsOneFault() {
        ObjectNode message = json(SEND);
        for (int i = 0; i < 65; i++) {
            message.withObject("labels").put("l" + i, 1);
        }
        assertThat(fault(message))
                .extracting(Fault::field, Fault::rule, Fault::limit, Fault::length)
                .containsExactly("labels", "maxProperties", 64, 65);
        for (int i = 0; i < 100; i++) {
            message.put("unknown" + i, 1);
        }
        assertThat(fault(message)).extracting(Fault::field, Fault::rule).containsExactly("", "maxProperties");
    }

    /** Returns a message of a length, with as many parts as fit. */
    private static String filled(int length, String begin, IntFunction<String> part, String end) {
        var body = new StringBuilder(SEND.replace('\'', '"'))
                .deleteCharAt(SEND.length() - 1)
                .append(begin);
        for (int i = 0; body.length() < length; i++) {
            body.append(i == 0 && !begin.isEmpty() ? "" : ",").append(part.apply(i));
        }
        return body + end + "}";
    }

    /** Names that have one hash in Java. */
    private static String colliding(int number) {
        var name = new StringBuilder();
        for (int bit = 0; bit < 16; bit++) {
            name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return name.toString();
    }

    private static long cost(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        ObjectMapper reader = MessageCheck.strictJson();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 40; i++) {
            long began = THREADS.getCurrentThreadCpuTime();
            try {
                CHECK.check(reader.readTree(bytes));
            } catch (Refused e) {
                assertThat(e.faults().toString().length()).isLessThan(2 * body.length() + 1_000);
            } catch (IOException e) {
                assertThat(e).isInstanceOf(StreamConstraintsException.class);
            }
            least = Math.min(least, THREADS.getCurrentThreadCpuTime() - began);
        }
        return least;
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 60_000, 250_000})
    void manyOrCollidingNamesCostNoMoreThanTwiceAnHonestBodyOfTheSameLength(int length) {
        String honest = filled(length, ",\"url\":\"", i -> "x", "\"").replace(",x", "xx");
        for (String hostile : List.of(
                filled(length, "", i -> "\"n" + i + "\":0", ""),
                filled(length, "", i -> "\"" + colliding(i) + "\":0", ""),
                filled(length, ",\"labels\":{", i -> "\"" + colliding(i) + "\":0", "}"),
                filled(length, ",\"labels\":[", i -> "[]", "]"),
                filled(length, ",\"labels\":{", i -> "\"n" + i + "\":{\"a\":0}", "}"))) {
            // A request takes more than half a millisecond besides this check. What else the machine does may slow one
            // of the two.
            await(hostile.substring(0, 200))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> cost(hostile) < 2 * cost(honest) + 500_000);
        }
    }
}
