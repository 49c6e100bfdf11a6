package dev.switchboard.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Scenario;
import dev.switchboard.vendor.Vendor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of a fail-code table needs a contract scenario that meets it: without one, nothing shows that it is right. */
class FailCodesAreShownTest {

    private static final RouteFolder ROUTES = RouteFolder.read(Optional.empty());
    private static final List<Scenario> SCENARIOS = Scenario.readAll(ROUTES);
    private static final FailCodes HTTP = FailCodes.read(ROUTES, "http.fail-codes.yaml");

    private record Case(String vendor, String operation, FailCodes api) {

        Stream<Answer> answers() {
            return SCENARIOS.stream()
                    .filter(scenario -> scenario.vendor().equals(vendor)
                            && scenario.operation().equals(operation))
                    .flatMap(scenario -> scenario.answers().stream())
                    .filter(answer -> answer.fault() == dev.switchboard.vendor.Answer.Fault.NONE)
                    .map(answer -> read(answer.status(), answer.body()));
        }

        /** What is for all operations is not met by one that has a row of its own. */
        boolean meets(FailCodes.Row row) {
            return row.operations().contains(operation)
                    || (row.operations().isEmpty()
                            && api.rows().stream()
                                    .noneMatch(own -> own.operations().contains(operation) && sameCause(own, row)));
        }

        private static boolean sameCause(FailCodes.Row one, FailCodes.Row other) {
            return one.code().equals(other.code())
                    && Objects.equals(one.message(), other.message())
                    && Objects.equals(one.has(), other.has())
                    && one.html() == other.html();
        }

        boolean leavesToHttp(Answer answer) {
            boolean readable = api.inBody() && api.codeOf(answer).isPresent() && !api.success(answer);
            return api.row(answer, operation).isEmpty() && !readable;
        }

        @Override
        public String toString() {
            return vendor + " " + operation;
        }
    }

    private static Answer read(int status, String body) {
        try {
            return Answer.read(
                    AnswerTest.head(status), new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Case> operations() {
        return Vendor.readAll(ROUTES).stream()
                .filter(vendor -> SCENARIOS.stream()
                        .anyMatch(scenario -> scenario.vendor().equals(vendor.name())))
                .flatMap(vendor -> vendor.operations().entrySet().stream()
                        .map(operation -> new Case(
                                vendor.name(),
                                operation.getKey(),
                                FailCodes.read(
                                        ROUTES,
                                        "vendors/" + vendor.name() + "/"
                                                + operation.getValue().api() + ".fail-codes.yaml"))))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void eachRowOfAnApisTableIsMetByEachOfItsOperations(Case operation) {
        List<FailCodes.Row> met = operation
                .answers()
                .flatMap(answer -> operation.api().row(answer, operation.operation()).stream())
                .toList();

        assertThat(operation.api().rows().stream().filter(operation::meets))
                .as("rows that no scenario of %s meets", operation)
                .isNotEmpty()
                .allSatisfy(row -> assertThat(met).contains(row));
    }

    @Test
    void eachRowOfTheCommonTableIsMetBySomeOperation() {
        List<FailCodes.Row> met = operations().stream()
                .flatMap(operation -> operation
                        .answers()
                        .filter(operation::leavesToHttp)
                        .flatMap(answer -> HTTP.row(answer, operation.operation()).stream()))
                .toList();

        assertThat(HTTP.rows()).isNotEmpty().allSatisfy(row -> assertThat(met).contains(row));
    }
}
