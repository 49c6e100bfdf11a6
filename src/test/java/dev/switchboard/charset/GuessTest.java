package dev.switchboard.charset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which character set a file has that does not say so. */
class GuessTest {

    private static final Charset KOREAN = Charset.forName("MS949");
    private static final Charset POLISH = Charset.forName("windows-1250");
    private static final String TEXT = "vendor,text\nhappytalk,고객님 주문하신 상품이 발송되었습니다.\nhappytalk,문의는 1:1 상담으로\n";

    private static Encoding guess(byte[] content) {
        return Guess.of(new ByteArrayInputStream(content)).encoding();
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
    void anySyllableMayBeInKoreanText() {
        for (int c = '가'; c <= '힣'; c += 9) {
            assertThat(guess(("고객님 안녕 " + Character.toString(c) + "\n").getBytes(KOREAN)))
                    .as(Character.toString(c))
                    .isEqualTo(Encoding.MS949);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Shift_JIS, 田中",
        "Shift_JIS, こんにちは",
        "Shift_JIS, ご注文の商品を発送しました。",
        "Shift_JIS, ﾃｽﾄ",
        "EUC-JP, 日本語です",
        "EUC-JP, こんにちは",
        "EUC-JP, ご注文の商品を発送しました。東京都港区",
        "EUC-JP, テスト",
        "GB2312, 您好，您的订单已经发货",
        "GB18030, 你好，请问有什么可以帮助您的吗？",
        "GBK, 北京市朝阳区建国路",
        "Big5, 您好，您的訂單已出貨",
        "Big5, 台北市信義區市府路",
        "x-EUC-TW, 您好，您的訂單已出貨",
        "x-Johab, 안녕하세요 고객님",
        "x-Johab, 서울특별시 강남구",
        "KOI8-R, Здравствуйте. Ваш заказ отправлен",
        "windows-1251, Здравствуйте. Ваш заказ отправлен",
        "ISO-8859-5, Здравствуйте",
        "ISO-8859-2, zażółć gęślą jaźń",
        "ISO-8859-2, proszę o kontakt",
        "windows-1253, Η παραγγελία σας εστάλη",
        "TIS-620, สวัสดีครับ คำสั่งซื้อของคุณ",
        "windows-1256, تم شحن طلبك",
        "windows-1255, ההזמנה שלך נשלחה",
        "windows-1252, Müßiggänger größer",
        "IBM852, zażółć gęślą jaźń"
    })
    void noOtherCharacterSetIsTakenForKorean(String charset, String text) {
        assertThat(guess(("vendor,text\nthulium," + text + "\n").getBytes(Charset.forName(charset))))
                .isEqualTo(Encoding.UTF_8);
    }

    private static Optional<String> other(String content, Charset charset, Encoding... set) {
        return Guess.of(new ByteArrayInputStream(content.getBytes(charset)))
                .other(Stream.of(set).findFirst());
    }

    private static String utf7(String text) {
        byte[] units = text.getBytes(StandardCharsets.UTF_16BE);
        return "+" + Base64.getEncoder().withoutPadding().encodeToString(units) + "-";
    }

    @Test
    void charactersThatAreWrittenInAsciiAreNamed() {
        for (String charset : List.of("ISO-2022-KR", "ISO-2022-JP")) {
            assertThat(other("id,text\n1,部屋\n", Charset.forName(charset))).contains("ISO-2022");
        }
        for (String text : List.of("안녕", "고객님 주문하신 상품이 발송되었습니다.", "żółć", "こんにちは")) {
            String cell = utf7(text);
            for (String each : List.of(cell, cell.replace("-", ""), "C+- " + cell, "x".repeat(65_527) + cell)) {
                assertThat(other("id,text\n1," + each + "\n", StandardCharsets.US_ASCII))
                        .as(each)
                        .contains("UTF-7");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+821012345678",
                "+48 123 456 789",
                "+12345678",
                "C++",
                "1+1=2",
                "joe+tag@example.com",
                "joe+AbCdEf@example.com",
                "+",
                "a+b+c",
                "AAEC+wQFBgc+CQoL/A==",
                "x\u001b[1mbold",
                "$5 + $6"
            })
    void asciiIsNothingElse(String text) {
        assertThat(other("id,text\n1," + text + "\n2," + text, StandardCharsets.US_ASCII))
                .isEmpty();
    }

    @Test
    void aFileThatIsSurelyNotWhatTheSettingSaysIsNamed() {
        Charset latin2 = Charset.forName("ISO-8859-2");
        assertThat(other(TEXT, StandardCharsets.UTF_8, Encoding.MS949)).contains("UTF-8");
        assertThat(other("zażółć gęślą jaźń", StandardCharsets.UTF_8, Encoding.WINDOWS_1250))
                .contains("UTF-8");
        assertThat(other(TEXT, KOREAN, Encoding.WINDOWS_1250)).contains("MS949");
        assertThat(other("są dziś, będą wciąż", latin2, Encoding.WINDOWS_1250)).contains("ISO-8859-2");
        assertThat(other("są dziś, będą wciąż", POLISH, Encoding.WINDOWS_1250)).isEmpty();
        assertThat(other("MAŁA RÓŻA, PODRÓŻ, DUŻO RÓŻ", POLISH, Encoding.WINDOWS_1250))
                .isEmpty();
        assertThat(other("a ± 1, ±2, 3±4, ¶ 5", POLISH, Encoding.WINDOWS_1250)).isEmpty();
        assertThat(other(TEXT, KOREAN, Encoding.MS949)).isEmpty();
        assertThat(other("plain", StandardCharsets.UTF_8, Encoding.MS949)).isEmpty();
        assertThat(other(TEXT, StandardCharsets.UTF_8, Encoding.UTF_8)).isEmpty();
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
