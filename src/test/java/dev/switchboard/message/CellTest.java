package dev.switchboard.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CellTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1+1",
                "+1+1",
                "-1+1",
                "-cmd|' /C calc'!A0",
                "@SUM(1)",
                "\t=1",
                "\r=1",
                "\n=1",
                " =1+1",
                "\u00a0=1",
                "\u200b=1",
                "\ufeff=1",
                "\uff1d1",
                "\uff0b1",
                "\uff0d1",
                "\uff201",
                "--1",
                "-",
                "-1e5",
                "-5 ",
                "=\nA1"
            })
    void aFormulaIsText(String cell) {
        assertThat(Cell.of(cell)).isEqualTo("'" + cell);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-700", "-0.5", "-3,14", "0", "a=b", "a-1", "2026-11-28", "\uac00", "'=1"})
    void allElseStaysAsItIs(String cell) {
        assertThat(Cell.of(cell)).isEqualTo(cell);
    }
}
