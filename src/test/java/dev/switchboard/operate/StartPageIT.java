package dev.switchboard.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A visitor of the start page that anyone may open. */
class StartPageIT {

    private static final Pattern LISTENS = Pattern.compile("The public port is (http://[\\d.]+:\\d+)");
    private static final HttpClient BROWSER =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static RunningBus bus;
    private static String page;

    @BeforeAll
    static void start() throws IOException {
        bus = RunningBus.start(
                RunningBus.newFolder("start"),
                Map.of(
                        "switchboard.sandbox.enabled",
                        "true",
                        "switchboard.start.public",
                        "true",
                        "switchboard.public.port",
                        "0",
                        "switchboard.start.per-second-of-one",
                        "40"));
        Matcher listens = LISTENS.matcher(bus.log());
        assertThat(listens.find()).as(bus.log()).isTrue();
        page = listens.group(1);
    }

    @AfterAll
    static void stop() {
        bus.close();
    }

    private static HttpResponse<String> visit(String method, String path) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create(page + path)).method(method, HttpRequest.BodyPublishers.noBody());
        HttpResponse<String> answer = BROWSER.send(request.build(), BodyHandlers.ofString());
        for (int again = 0; again < 50 && answer.statusCode() == 429; again++) {
            answer = BROWSER.send(request.build(), BodyHandlers.ofString());
        }
        return answer;
    }

    @Test
    void aVisitorIsSentToTheStartLink() throws Exception {
        var answer = visit("GET", "/start/kakao/default?extra=" + RestClient.encoded("order 12"));
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location").orElse("")).contains("order%2012");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/messages",
                "/lanes",
                "/console",
                "/q/metrics",
                "/start/kakao",
                "/start/kakao/default/../../../lanes",
                "/start/kakao/default/x"
            })
    void nothingElseIsThere(String path) throws Exception {
        assertThat(visit("GET", path).statusCode()).isEqualTo(404);
    }

    @Test
    void whatMakesNoLinkIsRefused() throws Exception {
        assertThat(visit("GET", "/start/unknown/default").statusCode()).isEqualTo(422);
        assertThat(visit("GET", "/start/kakao/default?extra=010-1234-5678").statusCode())
                .isEqualTo(422);
        assertThat(visit("POST", "/start/kakao/default").statusCode()).isEqualTo(405);
    }

    @Test
    void itSpeaksNoHttp2() throws Exception {
        var asked = HttpRequest.newBuilder(URI.create(page + "/start/kakao/default?extra=x"))
                .build();
        var answer = HttpClient.newHttpClient().send(asked, BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Strict-Transport-Security")).isEmpty();
    }

    @Test
    void whoComesTooOftenIsRefused() throws Exception {
        var request = HttpRequest.newBuilder(URI.create(page + "/start/kakao/default?extra=x"))
                .build();
        var answers =
                IntStream.range(0, 200)
                        .mapToObj(i -> BROWSER.sendAsync(request, BodyHandlers.ofString()))
                        .toList()
                        .stream()
                        .map(each -> each.join().statusCode())
                        .toList();
        assertThat(answers).containsOnly(302, 429);
        assertThat(answers.stream().filter(status -> status == 429).count()).isGreaterThan(50);
    }
}
