package dev.switchboard.charset;

import java.util.BitSet;

/**
 * The syllables that make up nearly all of Korean text: a third of those that the standard has. Other double-byte character sets use the same bytes,
 * and Chinese or Japanese read as Korean shows any syllable.
 */
final class Korean {

    private static final String COMMON = "가각간갈감갑값강갖같개객갤거건걷걸검것게겠겨격견결겸경계고곡곤골곳공과곽관광괜교구국군굴궁권귀규균그극근글금급"
            + "기긴길김까깝깨꺼께꼭꽃꾸끄끊끔끗끝나난날남납났내냈냐냥너널넘넣네넷녀년념녕노녹논놀농높누눈뉴느는늘능늦니닐님다단달담답"
            + "당대댁댓더던덕데델도독돈돌동되된될됐됩두둘뒤드득든들등디딩따딸때떡떤떻또뚜뜻띠라락란람랍랐랑래랜램량러런럼럽렀렇레려력"
            + "련렬렴렵령례로록론롭료룡루룸류륙륜률르른를름릉리린릴림립링마막만많말맘맛망맞매맥맨맹머먹먼멀메멘며면명몇모목몰못몽무문물"
            + "뭐뮤므미민믿밀바박반받발밝밤방배백버번벌범법베벤벨변별병보복본볼봄봉봐부북분불붙브블비빈빌빛빠빨빼뻐뿐쁘쁜사삭산살삼상새"
            + "색샘생서석선설섬섭성세센셀셔션셨소속손솔송수숙순술숨쉬스슨슬습승시식신실심십싱싶싸쌍써쓰쓩씀씨씩아악안않알암압았앙앞애액야"
            + "약양어억언얼엄업없었에엔엘여역연열염엽였영옆예오옥온올옮옷와완왔왕왜외왼요욕용우욱운울움웃워원월위윈유육윤율으은을음읍응의"
            + "이익인일읽임입있잊자작잔잘잠잡장재쟁저적전절점접정제젠져졌조족존졸좀종좋죄주죽준줄중줘즈즉즐증지직진질짐집짓째쪽찍차착찬찰"
            + "참창찾채책처척천철첨첫청체초촉촌총최추축출충취측층치칙친칠침칭카칸캐커컨컴케켜켓코콜쾅크큰클키킨킹타탁탄탈탐태택터턴테텍텐토"
            + "톡통퇴투트특튼티팀팅파판팔패팩퍼페편평폐포폭표푸품풍프플피픽필핑하학한할함합항해햄했행향햏허헌혁험헤현혈협형혜호혹혼홀홈홍화"
            + "확환활황회획횟효후훈훨휘휴흐흔흡흥희히힌힘옵칼템잭콘컬릭닫벗탭묶춤략짜꿈깃섹옛넌줍맵큼놓젊눈뷰뷁ㅋㅎㅠㅜ";

    private static final BitSet CODES = new BitSet(1 << 16);

    static {
        COMMON.chars().mapToObj(Character::toString).forEach(each -> {
            byte[] code = each.getBytes(Encoding.MS949.charset());
            CODES.set((code[0] & 0xff) << 8 | (code[1] & 0xff));
        });
    }

    private Korean() {}

    /** Returns whether two bytes of MS949 are a common syllable. */
    static boolean isCommon(int lead, int trail) {
        return CODES.get(lead << 8 | trail);
    }

    static boolean isCommon(int character) {
        return COMMON.indexOf(character) >= 0;
    }
}
