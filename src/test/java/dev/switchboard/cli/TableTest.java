package dev.switchboard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void columnsAreAsWideAsWhatStandsInThem() {
        assertThat(new Table("id", "state").row("a-long-id", "dead").row("b", "delivered"))
                .hasToString("ID         STATE\na-long-id  dead\nb          delivered");
    }

    @Test
    void koreanLettersTakeTwoPlaces() {
        assertThat(new Table("name", "state").row("상담", "dead").row("ab", "dead"))
                .hasToString("NAME  STATE\n상담  dead\nab    dead");
    }

    @Test
    void whatComesFromElsewhereCannotSteerTheTerminal() {
        assertThat(Table.line("a\u001b[31mb\r\nc\u202ed\u0000\u009b")).isEqualTo("a [31mb  c d  ");
    }

    @Test
    void aTableIsWholeUnlessItIsShownOnATerminal() {
        var table = new Table("id", "meaning").row("a-long-id", "x".repeat(100));
        assertThat(table.toString().lines()).last().asString().endsWith("x".repeat(100));
    }

    @Test
    void onATerminalTheWidestColumnsAreCutUntilTheTableFits() {
        var table = new Table("id", "until", "meaning", "why").row("a-long-id", "", "상".repeat(50), "y".repeat(90));
        assertThat(table.fitting(60).lines())
                .allSatisfy(line -> assertThat(line.codePoints()
                                .map(each -> each >= 0xAC00 && each <= 0xD7A3 ? 2 : 1)
                                .sum())
                        .isLessThanOrEqualTo(60));
        assertThat(table.fitting(60)).contains("a-long-id", "상…", "y…");
        assertThat(table.fitting(60)).as("without empty columns").doesNotContain("UNTIL");
        assertThat(table.toString()).contains("UNTIL");
        assertThat(table.fitting(1)).contains("a-long-id", "yyyyyyy…");
    }

    @Test
    void aFieldThatIsMissingIsAnEmptyCell() {
        ObjectNode object = JsonNodeFactory.instance.objectNode().put("id", "1");
        object.putObject("failure").put("class", "gone");
        assertThat(new Table("id", "class", "code").row(object, "id", "/failure/class", "/failure/code"))
                .hasToString("ID  CLASS  CODE\n1   gone");
    }
}
