package dev.switchboard.vendor.kakao;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersonalDataTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "010-1234-5678",
                "01012345678",
                "010 1234 5678",
                "010.1234.5678",
                "011-123-4567",
                "0161234567",
                "번호는01012345678입니다",
                "tel01012345678",
                "{\"phone\":\"01012345678\"}",
                "{\"memo\":\"call\\n01012345678\"}",
                "+82 10-1234-5678",
                "+821012345678",
                "+82-(0)10-1234-5678",
                "0082 10 1234 5678",
                "821012345678",
                "82-10-1234-5678",
                "+82 2 123 4567",
                "+82-31-123-4567",
                "02-123-4567",
                "02-1234-5678",
                "(02) 1234-5678",
                "02)1234-5678",
                "031-123-4567",
                "0212345678",
                "070-1234-5678",
                "0507-1234-5678",
                "０１０－１２３４－５６７８",
                "010–1234–5678"
            })
    void aPhoneNumberIsSeen(String text) {
        assertThat(PersonalData.in(text)).contains("a phone number");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b.co",
                "mail to kim.minsu+shop@mail.example.co.kr.",
                "kim@회사.한국",
                "<x_y%z@sub-domain.example>",
                "이메일:kim@example.com입니다"
            })
    void anEmailAddressIsSeen(String text) {
        assertThat(PersonalData.in(text)).contains("an e-mail address");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "900101-1234567",
                "9001011234567",
                "900101 2234567",
                "주민번호 050229 아님, 000229-3234567",
                "991231-5234567",
                "９００１０１－１２３４５６７"
            })
    void aResidentNumberIsSeen(String text) {
        assertThat(PersonalData.in(text)).contains("a resident registration number");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "주문번호 20240115-0000123",
                "20240115-1234567",
                "2024011512345671",
                "ORD01012345678",
                "ORD-2024-01-15-123456",
                "1-010-12345-67890",
                "17000123456789",
                "1700000000000",
                "waybill 123456789012",
                "waybill 6012-3456-7890",
                "barcode 8801234567893",
                "901301-1234567",
                "900231-1234567",
                "900101-9234567",
                "990101-3234567",
                "1588-1234",
                "37.0212345678, 127.0612345678",
                "2024-02-15 10:30:45",
                "550e8400-e29b-41d4-a716-446655440000",
                "f01012345678",
                "@mychannel",
                "follow @shop.",
                "logo@2x.png",
                "12,345,678원",
                "v1.2.3",
                "https://shop.example/p/0123?x=1"
            })
    void ordinaryMetaInformationIsNot(String text) {
        assertThat(PersonalData.in(text)).isEmpty();
    }

    @Test
    void aLongTextIsReadInNoTime() {
        for (String piece : new String[] {"0", "010-", "a", "a@", "a.", "😀", "9001011", "82-", "+82 ", "@a-a."}) {
            String text = piece.repeat(70_000 / piece.length());
            Assertions.assertTimeout(
                    Duration.ofSeconds(2),
                    () -> assertThatCode(() -> PersonalData.in(text)).doesNotThrowAnyException(),
                    piece);
        }
    }
}
