package dev.switchboard.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;

/** Someone at a browser, who notes what the browser complains of. */
final class Operator implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path SCREENSHOTS = Path.of("docs/screenshots");
    private static final String AXE = axe();
    private static final String FAULTS = "() => axe.run(document, {resultTypes: ['violations']}).then(found =>"
            + " found.violations.filter(each => ['serious', 'critical'].includes(each.impact))"
            + ".map(each => each.id + ': ' + each.nodes.map(node => node.html).join(' ')))";

    private static final String TOO_WIDE = "() => document.documentElement.scrollWidth <= innerWidth ? []"
            + " : [...document.querySelectorAll('main *')].filter(each => each.getBoundingClientRect().right > innerWidth)"
            + ".map(each => each.outerHTML.slice(0, 120)).slice(0, 5)";

    /** What people wrote or machines made, such as an id, may be broken anywhere; a word of the console's own may not. */
    private static final String BROKEN = """
            () => {
              const broken = [];
              const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
              const range = document.createRange();
              while (walker.nextNode()) {
                const node = walker.currentNode;
                if (node.parentElement.closest(".id, .why, .excerpt, .body, .subject, .batch-head, code, pre, q, option, textarea, .unseen")) {
                  continue;
                }
                for (const word of node.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
                  range.setStart(node, word.index);
                  range.setEnd(node, word.index + word[0].length);
                  if (new Set([...range.getClientRects()].map(each => Math.round(each.top))).size > 1) {
                    broken.push(word[0] + " in: " + node.data.trim().slice(0, 60));
                  }
                }
              }
              return broken.slice(0, 5);
            }""";

    private final Playwright playwright;
    private final Browser browser;
    private final String base;
    private final List<String> complaints = new ArrayList<>();
    private BrowserContext context;
    private Page page;

    /** Sits down before the console; where there is no browser, a build that counts fails and any other skips the test. */
    Operator(String base) {
        this.base = base;
        if (!Files.isExecutable(CHROMIUM)) {
            assertThat(System.getenv("CI")).as("CI, without %s", CHROMIUM).isNotEqualTo("true");
            Assumptions.abort("There is no " + CHROMIUM + " (apt-get install chromium).");
        }
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of("--no-sandbox")));
        context = context("en-GB", 1280, ZoneId.systemDefault().getId());
        page = newPage();
    }

    private static String axe() {
        String place = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
        try (InputStream in = Objects.requireNonNull(Operator.class.getResourceAsStream(place), place)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private BrowserContext context(String language, int width, String zone) {
        return browser.newContext(new Browser.NewContextOptions()
                .setLocale(language)
                .setTimezoneId(zone)
                .setViewportSize(width, 900)
                .setReducedMotion(ReducedMotion.REDUCE));
    }

    private Page newPage() {
        Page fresh = context.newPage();
        fresh.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(fresh.url() + ": " + message.text());
            }
        });
        fresh.onPageError(error -> complaints.add(fresh.url() + ": " + error));
        fresh.setDefaultTimeout(10_000);
        return fresh;
    }

    /** Takes a browser of another language and width, and knows nothing of what was chosen before. */
    Operator changeTo(String language, int width) {
        return changeTo(language, width, ZoneId.systemDefault().getId());
    }

    /** As above, with the browser's time zone. */
    Operator changeTo(String language, int width, String zone) {
        context.close();
        context = context(language, width, zone);
        page = newPage();
        return this;
    }

    Page page() {
        return page;
    }

    /** Opens a screen by its address. */
    Page open(String path) {
        page.navigate(base + path);
        return page;
    }

    /** Returns what the browser has complained of since the last question. */
    List<String> complaints() {
        List<String> told = List.copyOf(complaints);
        complaints.clear();
        return told;
    }

    /** Returns the serious faults of the screen for those who see or move otherwise, in light and in dark. */
    List<String> faults() {
        var faults = new ArrayList<String>();
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(colours));
            page.evaluate(AXE);
            if (page.evaluate(FAULTS) instanceof List<?> found) {
                found.forEach(each -> faults.add(colours + " " + page.url() + " " + each));
            }
        }
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        return faults;
    }

    /** Returns what of the screen stands out of the window at its side. */
    List<String> tooWide() {
        return found(TOO_WIDE);
    }

    /** Returns words that go on in the next line. */
    List<String> brokenWords() {
        return found(BROKEN);
    }

    private List<String> found(String script) {
        var all = new ArrayList<String>();
        if (page.evaluate(script) instanceof List<?> found) {
            found.forEach(each -> all.add(String.valueOf(each)));
        }
        return all;
    }

    /** Keeps a picture for the documents, where asked to ({@code -Dtest.screenshots}). */
    void keep(String name) {
        if (System.getProperty("test.screenshots") != null) {
            page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOTS.resolve(name + ".png")));
        }
    }

    /** As above, of the screen's beginning down to the end of a part of it. */
    void keep(String name, Locator last) {
        if (System.getProperty("test.screenshots") != null) {
            double end = last.boundingBox().y + last.boundingBox().height + 12;
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(SCREENSHOTS.resolve(name + ".png"))
                    .setClip(0, 0, page.viewportSize().width, end));
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
