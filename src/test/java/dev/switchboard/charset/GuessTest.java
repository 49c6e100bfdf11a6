package dev.switchboard.charset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which character set a file has that does not say so. */
class GuessTest {

    private static final Charset KOREAN = Charset.forName("MS949");
    private static final Charset POLISH = Charset.forName("windows-1250");
    private static final String TEXT = "vendor,text\nhappytalk,고객님 주문하신 상품이 발송되었습니다.\nhappytalk,문의는 1:1 상담으로\n";

    private static Encoding guess(byte[] content) {
        return Guess.of(new ByteArrayInputStream(content));
    }

    private static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                TEXT,
                "가",
                "안녕",
                "안녕하세요",
                "최고예요",
                "통계 자료를 첨부합니다",
                "예",
                "네, 감사합니다!",
                "서울특별시 강남구 테헤란로",
                "환불 요청드립니다. 주문번호 2026-1121",
                "배송지 변경 가능한가요?",
                "大韓民國 서울",
                "①②③ ㈜한국 ★",
                "방 1",
                "KT는 고객님의",
                "주문 A와B 취소"
            })
    void koreanTextIsToldApart(String text) {
        assertThat(guess(text.getBytes(KOREAN))).isEqualTo(Encoding.MS949);
        assertThat(guess(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(Encoding.UTF_8);
    }

    @Test
    void everySyllableOfTheStandardIsToldApart() {
        var all = new StringBuilder();
        for (char c = '가'; c <= '힣'; c++) {
            byte[] bytes = String.valueOf(c).getBytes(KOREAN);
            if ((bytes[0] & 0xff) >= 0xa1 && (bytes[1] & 0xff) >= 0xa1) {
                all.append(c);
            }
        }
        assertThat(guess(all.toString().getBytes(KOREAN))).isEqualTo(Encoding.MS949);
    }

    @Test
    void theFirstKoreanLetterMayStandAtTheEnd() {
        byte[] ascii = "happytalk,plain text\n".repeat(500_000).getBytes(StandardCharsets.US_ASCII);
        assertThat(guess(joined(ascii, "안녕하세요".getBytes(KOREAN)))).isEqualTo(Encoding.MS949);
        assertThat(guess(joined(ascii, "안녕하세요".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(Encoding.UTF_8);
        assertThat(guess(ascii)).isEqualTo(Encoding.UTF_8);
    }

    @Test
    void aFewDamagedCharactersChangeNothing() {
        byte[] half = {(byte) 0xec, (byte) 0x95};
        for (String text : new String[] {TEXT, "¿Cuántos años? ¡Mañana será otro día!\n", "zażółć gęślą jaźń\n"}) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            assertThat(guess(joined(utf8, half, utf8))).isEqualTo(Encoding.UTF_8);
        }
        byte[] korean = TEXT.getBytes(KOREAN);
        assertThat(guess(joined(korean, new byte[] {(byte) 0xbe}, "\n".getBytes(StandardCharsets.US_ASCII), korean)))
                .isEqualTo(Encoding.MS949);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zażółć gęślą jaźń",
                "Michał",
                "Wałęsa",
                "Łódź, ul. Piłsudskiego",
                "proszę o kontakt",
                "ząb",
                "zażółć",
                "stół",
                "Łódź",
                "żółw",
                "pięć, sześć",
                "Kraków"
            })
    void polishIsNotTakenForKorean(String text) {
        assertThat(guess(("vendor,text\nthulium," + text + "\n").getBytes(POLISH)))
                .isEqualTo(Encoding.UTF_8);
    }

    @Test
    void halfACharacterAloneIsNoKorean() {
        assertThat(guess(new byte[] {'a', (byte) 0xec, (byte) 0x95, '\n'})).isEqualTo(Encoding.UTF_8);
    }
}
