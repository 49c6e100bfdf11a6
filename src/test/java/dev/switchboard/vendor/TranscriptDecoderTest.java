package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TranscriptDecoderTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TranscriptDecoder decoder = new TranscriptDecoder(RouteFolder.read(Optional.empty()));

    /** Single quotes stand for double ones. */
    private static JsonNode json(String text) throws JsonProcessingException {
        return JSON.readTree(text.replace('\'', '"'));
    }

    private static JsonNode file(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(TranscriptDecoderTest.class.getResourceAsStream("happytalk/" + name), name)) {
            return JSON.readTree(in);
        }
    }

    private ObjectNode data(String data) throws JsonProcessingException {
        return decoder.decode(
                json("{'result':'success','data':" + data + "}"), "asked", "happytalk", Map.of("zone", "Asia/Seoul"));
    }

    private ObjectNode chat(String chat) throws JsonProcessingException {
        return data("[{'chat':" + chat + ",'message':[]}]");
    }

    private JsonNode message(String message) throws JsonProcessingException {
        return data("[{'chat':{},'message':[" + message + "]}]").at("/messages/0");
    }

    @Test
    void everyKeyGetsItsName() throws IOException {
        assertThat(decoder.decode(file("full.json"), "room-77", "happytalk", Map.of("zone", "Asia/Seoul")))
                .hasToString(file("full.decoded.json").toString());
    }

    @Test
    void anObjectAndAnArrayOfOneAreTheSame() throws Exception {
        String one = "{'chat':{'id':'r','title':'t'},'message':[{'id':'1'}]}";
        assertThat(data(one)).isEqualTo(data("[" + one + "]")).isEqualTo(data("{'0':" + one + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "null", "''", "false", "[null]", "['x']"})
    void noDataIsAnEmptyTranscript(String data) throws Exception {
        assertThat(data(data)).hasToString("{\"conversationId\":\"asked\",\"messages\":[]}");
    }

    @Test
    void missingDataIsAnEmptyTranscript() throws Exception {
        assertThat(decoder.decode(json("{'result':'success'}"), "asked", "happytalk", Map.of()))
                .hasToString("{\"conversationId\":\"asked\",\"messages\":[]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'text'", "7", "true"})
    void dataThatIsNoneIsNamed(String data) {
        assertThatThrownBy(() -> data(data))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the transcript's data is a");
    }

    @Test
    void anAnswerThatIsNoObjectIsNamed() {
        assertThatThrownBy(() -> decoder.decode(MissingNode.getInstance(), "asked", "happytalk", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a JSON object");
        assertThatThrownBy(() -> decoder.decode(json("[1]"), "asked", "happytalk", Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ofSeveralRoomsTheOneAskedForComesFirstAndNoneIsLost() throws Exception {
        assertThat(data("[{'chat':{'id':'other'}},{'chat':{'id':'asked'}}]"))
                .hasToString(
                        "{\"conversationId\":\"asked\",\"messages\":[],\"otherConversations\":[{\"conversationId\":\"other\",\"messages\":[]}]}");
    }

    @Test
    void aRoomKeepsTheIdThatItBears() throws Exception {
        assertThat(chat("{'id':12}").path("conversationId").asText()).isEqualTo("12");
        assertThat(chat("{'title':'t'}").path("conversationId").asText()).isEqualTo("asked");
    }

    /** {@code CodeListsTest} has all codes of the vendors' documents. */
    @Test
    void aCodeOfNoDocumentHasItsNameAlone() throws Exception {
        assertThat(chat("{'out_api':'7'}").path("channel")).hasToString("{\"code\":\"7\",\"name\":\"Instagram\"}");
    }

    @Test
    void aCodeMayBeANumber() throws Exception {
        assertThat(chat("{'status':2}").path("status"))
                .hasToString("{\"code\":\"2\",\"name\":\"completed\",\"label\":\"완료\"}");
    }

    @Test
    void anUnknownCodeIsPassedOnWithoutAName() throws Exception {
        assertThat(chat("{'parcel_companycode':'W','status':-1}"))
                .hasToString(
                        "{\"conversationId\":\"asked\",\"status\":{\"code\":\"-1\"},\"parcelCompany\":{\"code\":\"W\"},\"messages\":[]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nomal", "normal"})
    void anImageButtonHasTwoSpellings(String spelling) throws Exception {
        assertThat(message("{'contents_type':'" + spelling + "'}").path("contentType"))
                .hasToString("{\"code\":\"" + spelling + "\",\"name\":\"image button\",\"label\":\"이미지 버튼\"}");
    }

    @Test
    void onlyAMemoIsInternal() throws Exception {
        assertThat(message("{'type':'M'}"))
                .hasToString("{\"kind\":{\"code\":\"M\",\"name\":\"memo\",\"label\":\"메모\"},\"internal\":true}");
        assertThat(message("{'type':'C'}"))
                .hasToString("{\"kind\":{\"code\":\"C\",\"name\":\"message\",\"label\":\"메시지\"}}");
    }

    @ParameterizedTest
    @CsvSource({
        "2022-05-26 10:26:31, 2022-05-26T10:26:31+09:00",
        "2022-05-26 10:26:00, 2022-05-26T10:26:00+09:00",
        "2022-05-26T10:26:31, 2022-05-26T10:26:31+09:00",
        "2022-05-26 10:26:31.5, 2022-05-26T10:26:31.5+09:00",
        "2022-05-26T01:26:31Z, 2022-05-26T01:26:31Z",
        "1987-06-01 00:00:00, 1987-06-01T00:00:00+10:00",
    })
    void aTimeHasItsZone(String wire, String time) throws Exception {
        assertThat(chat("{'reg_date':'" + wire + "'}").path("openedAt").asText())
                .isEqualTo(time);
    }

    @Test
    void theZoneIsASetting() throws Exception {
        var decoded = decoder.decode(
                json("{'data':{'chat':{'reg_date':'2022-05-26 10:26:31'}}}"),
                "asked",
                "happytalk",
                Map.of("zone", "Europe/Warsaw"));
        assertThat(decoded.path("openedAt").asText()).isEqualTo("2022-05-26T10:26:31+02:00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "null", "' '", "'0000-00-00 00:00:00'", "'0000-00-00'"})
    void noTimeIsAbsent(String none) throws Exception {
        assertThat(chat("{'complate_date':" + none + "}"))
                .hasToString("{\"conversationId\":\"asked\",\"messages\":[]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'yesterday'", "'2022-13-45 10:00:00'", "1653528391", "{'a':1}", "['x']"})
    void whatIsNoTimeIsKeptAside(String odd) throws Exception {
        assertThat(chat("{'reg_date':" + odd + "}"))
                .isEqualTo(json("{'conversationId':'asked','unreadable':{'openedAt':" + odd + "},'messages':[]}"));
    }

    @Test
    void whatIsNoMessageIsKeptAside() throws Exception {
        assertThat(data("{'message':[{'id':1},'x',null]}"))
                .isEqualTo(json(
                        "{'conversationId':'asked','messages':[{'id':'1'}],'unreadable':{'messages':['x',null]}}"));
    }

    @Test
    void onlyFilledParametersAreThere() throws Exception {
        assertThat(chat("{'parameter1':'','parameter2':null,'parameter10':'vip'}")
                        .path("parameters"))
                .hasToString("{\"parameter10\":\"vip\"}");
        assertThat(chat("{'parameter1':''}").has("parameters")).isFalse();
    }

    @Test
    void newerKeysArePassedOnAndOthersIgnored() throws Exception {
        assertThat(chat("{'tags':['a',{'b':1}],'user_parameter':{'k':'v'},'brand_new':1}"))
                .isEqualTo(json(
                        "{'conversationId':'asked','tags':['a',{'b':1}],'userParameter':{'k':'v'},'messages':[]}"));
        assertThat(chat("{'tags':[],'user_parameter':''}").size()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[]]",
                "[[[{}]]]",
                "{'chat':[]}",
                "{'chat':'x','message':'y'}",
                "{'chat':[{'id':{}}],'message':{'id':[]}}",
                "{'chat':{'id':null,'parameter1':{'x':1},'status':[1]},'message':{'5':{'type':{}},'9':7}}",
                "[{'chat':{'title':1.50,'vote_score':true,'tags':{}}},{'message':[[[]]]}]",
                "{'message':{'message':{'message':[]}}}",
            })
    void noOddAnswerBreaksTheDecoder(String data) {
        assertThatCode(() -> data(data)).doesNotThrowAnyException();
    }
}
