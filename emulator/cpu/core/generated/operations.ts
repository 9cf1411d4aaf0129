// Made by scripts/opcodes.mjs from emulator/cpu/opcodes. Do not edit.

import { aesdec_xm, aesdec_xx, aesdeclast_xm, aesdeclast_xx, aesenc_xm, aesenc_xx, aesenclast_xm, aesenclast_xx, aesimc_xm, aesimc_xx, aeskeygenassist_xmi, aeskeygenassist_xxi, pclmulqdq_xmi, pclmulqdq_xxi } from "../aes";
import { adc_mi, adc_mr, adc_ri, adc_rm, adc_rr, add_mi, add_mr, add_ri, add_rm, add_rr, and_mi, and_mr, and_ri, and_rm, and_rr, cmp_mi, cmp_mr, cmp_ri, cmp_rm, cmp_rr, dec_m, dec_r, inc_m, inc_r, neg_m, neg_r, not_m, not_r, or_mi, or_mr, or_ri, or_rm, or_rr, sbb_mi, sbb_mr, sbb_ri, sbb_rm, sbb_rr, sub_mi, sub_mr, sub_ri, sub_rm, sub_rr, test_mi, test_mr, test_ri, test_rr, xor_mi, xor_mr, xor_ri, xor_rm, xor_rr } from "../alu";
import { cmpxchg16b_m, cmpxchg8b_m, cmpxchg_mr, cmpxchg_rr, xadd_mr, xadd_rr } from "../atomic";
import { aaa, aas, bound_rm, daa, das, salc } from "../bcd";
import { bsf_rm, bsf_rr, bsr_rm, bsr_rr, bswap_r, bt_mi, bt_mr, bt_ri, bt_rr, btc_mi, btc_mr, btc_ri, btc_rr, btr_mi, btr_mr, btr_ri, btr_rr, bts_mi, bts_mr, bts_ri, bts_rr, lzcnt_rm, lzcnt_rr, movbe_mr, movbe_rm, popcnt_rm, popcnt_rr, tzcnt_rm, tzcnt_rr } from "../bits";
import { adcx_rm, adcx_rr, adox_rm, adox_rr, andn_rvm, andn_rvr, bextr_rmv, bextr_rrv, blsi_vm, blsi_vr, blsmsk_vm, blsmsk_vr, blsr_vm, blsr_vr, bzhi_rmv, bzhi_rrv, mulx_rvm, mulx_rvr, pdep_rvm, pdep_rvr, pext_rvm, pext_rvr, rorx_rmi, rorx_rri, sarx_rmv, sarx_rrv, shlx_rmv, shlx_rrv, shrx_rmv, shrx_rrv } from "../bmi";
import { call, call_m, call_r, jb, jbe, jcxz, jl, jle, jmp, jmp_m, jmp_r, jnb, jnbe, jnl, jnle, jno, jnp, jns, jnz, jo, jp, js, jz, loop, loope, loopne, ret, ret_i } from "../control";
import { int1, int3, int_i, into } from "../exception";
import { callf_m, callf_p, iret, jmpf_m, jmpf_p, retf, retf_i, syscall, sysenter, sysexit, sysret } from "../far";
import { fldenv_m, fldenvw_m, fnsave_m, fnsavew_m, fnstenv_m, fnstenvw_m, frstor_m, frstorw_m, fxrstor64_m, fxrstor_m, fxsave64_m, fxsave_m, ldmxcsr_m, stmxcsr_m } from "../fxsave";
import { breakpoint_hook, legacy_ea, undefined_opcode } from "../hooks";
import { in8_i, in8dx, inv_i, invdx, out8_i, out8dx, outv_i, outvdx } from "../io";
import { cbw, cmovb_rm, cmovb_rr, cmovbe_rm, cmovbe_rr, cmovl_rm, cmovl_rr, cmovle_rm, cmovle_rr, cmovnb_rm, cmovnb_rr, cmovnbe_rm, cmovnbe_rr, cmovnl_rm, cmovnl_rr, cmovnle_rm, cmovnle_rr, cmovno_rm, cmovno_rr, cmovnp_rm, cmovnp_rr, cmovns_rm, cmovns_rr, cmovnz_rm, cmovnz_rr, cmovo_rm, cmovo_rr, cmovp_rm, cmovp_rr, cmovs_rm, cmovs_rr, cmovz_rm, cmovz_rr, cwd, lahf, lea_rm, mov_mi, mov_mr, mov_ri, mov_rm, mov_rr, movsxb_rm, movsxb_rr, movsxd_rm, movsxd_rr, movsxw_rm, movsxw_rr, movzxb_rm, movzxb_rr, movzxw_rm, movzxw_rr, sahf, setb_m, setb_r, setbe_m, setbe_r, setl_m, setl_r, setle_m, setle_r, setnb_m, setnb_r, setnbe_m, setnbe_r, setnl_m, setnl_r, setnle_m, setnle_r, setno_m, setno_r, setnp_m, setnp_r, setns_m, setns_r, setnz_m, setnz_r, seto_m, seto_r, setp_m, setp_r, sets_m, sets_r, setz_m, setz_r, xchg_mr, xchg_rr, xchgnop_rr, xlat } from "../move";
import { aad_i, aam_i, div_m, div_r, idiv_m, idiv_r, imul1_m, imul1_r, imul_rm, imul_rmi, imul_rr, imul_rri, mul_m, mul_r } from "../muldiv";
import { rdpid_r, rdrand_r, rdseed_r } from "../random";
import { arpl_mr, arpl_rr, lar_rm, lar_rr, lds_rm, les_rm, lfs_rm, lgdt_m, lgs_rm, lidt_m, lldt_m, lldt_r, lsl_rm, lsl_rr, lss_rm, ltr_m, ltr_r, movrs_m, movrs_r, movsr_m, movsr_r, popds, popes, popfs, popgs, popss, pushcs, pushds, pushes, pushfs, pushgs, pushss, sgdt_m, sidt_m, sldt_m, sldt_r, str_m, str_r, verr_m, verr_r, verw_m, verw_r } from "../segment";
import { rcl1_m, rcl1_r, rcl_mi, rcl_ri, rclcl_m, rclcl_r, rcr1_m, rcr1_r, rcr_mi, rcr_ri, rcrcl_m, rcrcl_r, rol1_m, rol1_r, rol_mi, rol_ri, rolcl_m, rolcl_r, ror1_m, ror1_r, ror_mi, ror_ri, rorcl_m, rorcl_r, sar1_m, sar1_r, sar_mi, sar_ri, sarcl_m, sarcl_r, shl1_m, shl1_r, shl_mi, shl_ri, shlcl_m, shlcl_r, shld_mri, shld_rri, shldcl_mr, shldcl_rr, shr1_m, shr1_r, shr_mi, shr_ri, shrcl_m, shrcl_r, shrd_mri, shrd_rri, shrdcl_mr, shrdcl_rr } from "../shift";
import { addpd_xm, addpd_xx, addps_xm, addps_xx, addsd_xm, addsd_xx, addss_xm, addss_xx, cmppd_xmi, cmppd_xxi, cmpps_xmi, cmpps_xxi, cmpsd_xmi, cmpsd_xxi, cmpss_xmi, cmpss_xxi, comisd_xm, comisd_xx, comiss_xm, comiss_xx, cvtdq2pd_xm, cvtdq2pd_xx, cvtdq2ps_xm, cvtdq2ps_xx, cvtpd2dq_xm, cvtpd2dq_xx, cvtpd2pi_qm, cvtpd2pi_qx, cvtpd2ps_xm, cvtpd2ps_xx, cvtpi2pd_xm, cvtpi2pd_xq, cvtpi2ps_xm, cvtpi2ps_xq, cvtps2dq_xm, cvtps2dq_xx, cvtps2pd_xm, cvtps2pd_xx, cvtps2pi_qm, cvtps2pi_qx, cvtsd2si_rm, cvtsd2si_rx, cvtsd2ss_xm, cvtsd2ss_xx, cvtsi2sd_xm, cvtsi2sd_xr, cvtsi2ss_xm, cvtsi2ss_xr, cvtss2sd_xm, cvtss2sd_xx, cvtss2si_rm, cvtss2si_rx, cvttpd2dq_xm, cvttpd2dq_xx, cvttpd2pi_qm, cvttpd2pi_qx, cvttps2dq_xm, cvttps2dq_xx, cvttps2pi_qm, cvttps2pi_qx, cvttsd2si_rm, cvttsd2si_rx, cvttss2si_rm, cvttss2si_rx, divpd_xm, divpd_xx, divps_xm, divps_xx, divsd_xm, divsd_xx, divss_xm, divss_xx, maxpd_xm, maxpd_xx, maxps_xm, maxps_xx, maxsd_xm, maxsd_xx, maxss_xm, maxss_xx, minpd_xm, minpd_xx, minps_xm, minps_xx, minsd_xm, minsd_xx, minss_xm, minss_xx, mulpd_xm, mulpd_xx, mulps_xm, mulps_xx, mulsd_xm, mulsd_xx, mulss_xm, mulss_xx, rcpps_xm, rcpps_xx, rcpss_xm, rcpss_xx, rsqrtps_xm, rsqrtps_xx, rsqrtss_xm, rsqrtss_xx, sqrtpd_xm, sqrtpd_xx, sqrtps_xm, sqrtps_xx, sqrtsd_xm, sqrtsd_xx, sqrtss_xm, sqrtss_xx, subpd_xm, subpd_xx, subps_xm, subps_xx, subsd_xm, subsd_xx, subss_xm, subss_xx, ucomisd_xm, ucomisd_xx, ucomiss_xm, ucomiss_xx } from "../sse-float";
import { packssdw_xm, packssdw_xx, packsswb_xm, packsswb_xx, packuswb_xm, packuswb_xx, paddb_xm, paddb_xx, paddd_xm, paddd_xx, paddq_xm, paddq_xx, paddsb_xm, paddsb_xx, paddsw_xm, paddsw_xx, paddusb_xm, paddusb_xx, paddusw_xm, paddusw_xx, paddw_xm, paddw_xx, pand_xm, pand_xx, pandn_xm, pandn_xx, pavgb_xm, pavgb_xx, pavgw_xm, pavgw_xx, pcmpeqb_xm, pcmpeqb_xx, pcmpeqd_xm, pcmpeqd_xx, pcmpeqw_xm, pcmpeqw_xx, pcmpgtb_xm, pcmpgtb_xx, pcmpgtd_xm, pcmpgtd_xx, pcmpgtw_xm, pcmpgtw_xx, pmaddwd_xm, pmaddwd_xx, pmaxsw_xm, pmaxsw_xx, pmaxub_xm, pmaxub_xx, pminsw_xm, pminsw_xx, pminub_xm, pminub_xx, pmulhuw_xm, pmulhuw_xx, pmulhw_xm, pmulhw_xx, pmullw_xm, pmullw_xx, pmuludq_xm, pmuludq_xx, por_xm, por_xx, psadbw_xm, psadbw_xx, pshufd_xmi, pshufd_xxi, pshufhw_xmi, pshufhw_xxi, pshuflw_xmi, pshuflw_xxi, pslld_xi, pslld_xm, pslld_xx, pslldq_xi, psllq_xi, psllq_xm, psllq_xx, psllw_xi, psllw_xm, psllw_xx, psrad_xi, psrad_xm, psrad_xx, psraw_xi, psraw_xm, psraw_xx, psrld_xi, psrld_xm, psrld_xx, psrldq_xi, psrlq_xi, psrlq_xm, psrlq_xx, psrlw_xi, psrlw_xm, psrlw_xx, psubb_xm, psubb_xx, psubd_xm, psubd_xx, psubq_xm, psubq_xx, psubsb_xm, psubsb_xx, psubsw_xm, psubsw_xx, psubusb_xm, psubusb_xx, psubusw_xm, psubusw_xx, psubw_xm, psubw_xx, punpckhbw_xm, punpckhbw_xx, punpckhdq_xm, punpckhdq_xx, punpckhqdq_xm, punpckhqdq_xx, punpckhwd_xm, punpckhwd_xx, punpcklbw_xm, punpcklbw_xx, punpckldq_xm, punpckldq_xx, punpcklqdq_xm, punpcklqdq_xx, punpcklwd_xm, punpcklwd_xx, pxor_xm, pxor_xx, shufpd_xmi, shufpd_xxi, shufps_xmi, shufps_xxi } from "../sse-integer";
import { emms, maskmovq_qq, movd_mq, movd_qm, movd_qr, movd_rq, movdq2q_qx, movq2dq_xq, movq_mq, movq_qm, movq_qq, packssdw_qm, packssdw_qq, packsswb_qm, packsswb_qq, packuswb_qm, packuswb_qq, paddb_qm, paddb_qq, paddd_qm, paddd_qq, paddq_qm, paddq_qq, paddsb_qm, paddsb_qq, paddsw_qm, paddsw_qq, paddusb_qm, paddusb_qq, paddusw_qm, paddusw_qq, paddw_qm, paddw_qq, pand_qm, pand_qq, pandn_qm, pandn_qq, pavgb_qm, pavgb_qq, pavgw_qm, pavgw_qq, pcmpeqb_qm, pcmpeqb_qq, pcmpeqd_qm, pcmpeqd_qq, pcmpeqw_qm, pcmpeqw_qq, pcmpgtb_qm, pcmpgtb_qq, pcmpgtd_qm, pcmpgtd_qq, pcmpgtw_qm, pcmpgtw_qq, pextrw_rqi, pinsrw_qmi, pinsrw_qri, pmaddwd_qm, pmaddwd_qq, pmaxsw_qm, pmaxsw_qq, pmaxub_qm, pmaxub_qq, pminsw_qm, pminsw_qq, pminub_qm, pminub_qq, pmovmskb_rq, pmulhuw_qm, pmulhuw_qq, pmulhw_qm, pmulhw_qq, pmullw_qm, pmullw_qq, pmuludq_qm, pmuludq_qq, por_qm, por_qq, psadbw_qm, psadbw_qq, pshufw_qmi, pshufw_qqi, pslld_qi, pslld_qm, pslld_qq, psllq_qi, psllq_qm, psllq_qq, psllw_qi, psllw_qm, psllw_qq, psrad_qi, psrad_qm, psrad_qq, psraw_qi, psraw_qm, psraw_qq, psrld_qi, psrld_qm, psrld_qq, psrlq_qi, psrlq_qm, psrlq_qq, psrlw_qi, psrlw_qm, psrlw_qq, psubb_qm, psubb_qq, psubd_qm, psubd_qq, psubq_qm, psubq_qq, psubsb_qm, psubsb_qq, psubsw_qm, psubsw_qq, psubusb_qm, psubusb_qq, psubusw_qm, psubusw_qq, psubw_qm, psubw_qq, punpckhbw_qm, punpckhbw_qq, punpckhdq_qm, punpckhdq_qq, punpckhwd_qm, punpckhwd_qq, punpcklbw_qm, punpcklbw_qq, punpckldq_qm, punpckldq_qq, punpcklwd_qm, punpcklwd_qq, pxor_qm, pxor_qq } from "../sse-mmx";
import { maskmovdqu_xx, movaps_mx, movaps_xm, movaps_xx, movd_mx, movd_rx, movd_xm, movd_xr, movhlps_xx, movhps_mx, movhps_xm, movlhps_xx, movlps_mx, movlps_xm, movmskpd_rx, movmskps_rx, movnti_mr, movq_mx, movq_xm, movq_xx, movsd_mx, movsd_xm, movsd_xx, movss_mx, movss_xm, movss_xx, movups_mx, movups_xm, movups_xx, pextrw_rxi, pinsrw_xmi, pinsrw_xri, pmovmskb_rx } from "../sse-move";
import { blendpd_xmi, blendpd_xxi, blendps_xmi, blendps_xxi, blendvpd_xm, blendvpd_xx, blendvps_xm, blendvps_xx, crc32_rm, crc32_rr, extractps_mxi, extractps_rxi, insertps_xmi, insertps_xxi, movddup_xm, movddup_xx, movshdup_xm, movshdup_xx, movsldup_xm, movsldup_xx, mpsadbw_xmi, mpsadbw_xxi, pabsb_qm, pabsb_qq, pabsb_xm, pabsb_xx, pabsd_qm, pabsd_qq, pabsd_xm, pabsd_xx, pabsw_qm, pabsw_qq, pabsw_xm, pabsw_xx, packusdw_xm, packusdw_xx, palignr_qmi, palignr_qqi, palignr_xmi, palignr_xxi, pblendvb_xm, pblendvb_xx, pblendw_xmi, pblendw_xxi, pcmpeqq_xm, pcmpeqq_xx, pcmpestri_xmi, pcmpestri_xxi, pcmpestrm_xmi, pcmpestrm_xxi, pcmpgtq_xm, pcmpgtq_xx, pcmpistri_xmi, pcmpistri_xxi, pcmpistrm_xmi, pcmpistrm_xxi, pextrb_mxi, pextrb_rxi, pextrd_mxi, pextrd_rxi, pextrword_mxi, pextrword_rxi, phaddd_qm, phaddd_qq, phaddd_xm, phaddd_xx, phaddsw_qm, phaddsw_qq, phaddsw_xm, phaddsw_xx, phaddw_qm, phaddw_qq, phaddw_xm, phaddw_xx, phminposuw_xm, phminposuw_xx, phsubd_qm, phsubd_qq, phsubd_xm, phsubd_xx, phsubsw_qm, phsubsw_qq, phsubsw_xm, phsubsw_xx, phsubw_qm, phsubw_qq, phsubw_xm, phsubw_xx, pinsrb_xmi, pinsrb_xri, pinsrd_xmi, pinsrd_xri, pmaddubsw_qm, pmaddubsw_qq, pmaddubsw_xm, pmaddubsw_xx, pmaxsb_xm, pmaxsb_xx, pmaxsd_xm, pmaxsd_xx, pmaxud_xm, pmaxud_xx, pmaxuw_xm, pmaxuw_xx, pminsb_xm, pminsb_xx, pminsd_xm, pminsd_xx, pminud_xm, pminud_xx, pminuw_xm, pminuw_xx, pmovsxbd_xm, pmovsxbd_xx, pmovsxbq_xm, pmovsxbq_xx, pmovsxbw_xm, pmovsxbw_xx, pmovsxdq_xm, pmovsxdq_xx, pmovsxwd_xm, pmovsxwd_xx, pmovsxwq_xm, pmovsxwq_xx, pmovzxbd_xm, pmovzxbd_xx, pmovzxbq_xm, pmovzxbq_xx, pmovzxbw_xm, pmovzxbw_xx, pmovzxdq_xm, pmovzxdq_xx, pmovzxwd_xm, pmovzxwd_xx, pmovzxwq_xm, pmovzxwq_xx, pmuldq_xm, pmuldq_xx, pmulhrsw_qm, pmulhrsw_qq, pmulhrsw_xm, pmulhrsw_xx, pmulld_xm, pmulld_xx, pshufb_qm, pshufb_qq, pshufb_xm, pshufb_xx, psignb_qm, psignb_qq, psignb_xm, psignb_xx, psignd_qm, psignd_qq, psignd_xm, psignd_xx, psignw_qm, psignw_qq, psignw_xm, psignw_xx, ptest_xm, ptest_xx } from "../sse4";
import { addsubpd_xm, addsubpd_xx, addsubps_xm, addsubps_xx, dppd_xmi, dppd_xxi, dpps_xmi, dpps_xxi, haddpd_xm, haddpd_xx, haddps_xm, haddps_xx, hsubpd_xm, hsubpd_xx, hsubps_xm, hsubps_xx, roundpd_xmi, roundpd_xxi, roundps_xmi, roundps_xxi, roundsd_xmi, roundsd_xxi, roundss_xmi, roundss_xxi } from "../sse4-float";
import { enter_i, leave, pop_m, pop_r, popa, popf, push_i, push_m, push_r, pusha, pushf } from "../stack";
import { cmps, ins, lods, movs, outs, scas, stos } from "../string";
import { clac, clc, cld, clflush_m, cli, clts, cmc, cpuid, hlt, hypercall, invlpg_m, invpcid_rm, lmsw_m, lmsw_r, movcr_read, movcr_write, movdr_read, movdr_write, nop, pause, rdfsbase_r, rdgsbase_r, rdmsr, rdpmc, rdtsc, rdtscp, smsw_m, smsw_r, stac, stc, std, sti, swapgs, ud, wbinvd, wrfsbase_r, wrgsbase_r, wrmsr, xgetbv, xsetbv } from "../system";
import { f2xm1, fabs, fadd_q, faddl_m, faddp_q, fadds_m, faddto_q, fbld_m, fbstp_m, fchs, fcmovb_q, fcmovbe_q, fcmove_q, fcmovnb_q, fcmovnbe_q, fcmovne_q, fcmovnu_q, fcmovu_q, fcom_q, fcomi_q, fcomip_q, fcoml_m, fcomp_q, fcompl_m, fcompp, fcomps_m, fcoms_m, fcos, fdecstp, fdiv_q, fdivl_m, fdivp_q, fdivr_q, fdivrl_m, fdivrp_q, fdivrs_m, fdivrto_q, fdivs_m, fdivto_q, ffree_q, ffreep_q, fiaddd_m, fiaddw_m, ficomd_m, ficompd_m, ficompw_m, ficomw_m, fidivd_m, fidivrd_m, fidivrw_m, fidivw_m, fildd_m, fildq_m, fildw_m, fimuld_m, fimulw_m, fincstp, fistd_m, fistpd_m, fistpq_m, fistpw_m, fisttpd_m, fisttpq_m, fisttpw_m, fistw_m, fisubd_m, fisubrd_m, fisubrw_m, fisubw_m, fld1, fld_q, fldcw_m, fldl2e, fldl2t, fldl_m, fldlg2, fldln2, fldpi, flds_m, fldt_m, fldz, fmul_q, fmull_m, fmulp_q, fmuls_m, fmulto_q, fnclex, fneni, fninit, fnop, fnstcw_m, fnstsw, fnstsw_m, fpatan, fprem, fprem1, fptan, frndint, fscale, fsin, fsincos, fsqrt, fst_q, fstl_m, fstp_q, fstpl_m, fstpnce_q, fstps_m, fstpt_m, fsts_m, fsub_q, fsubl_m, fsubp_q, fsubr_q, fsubrl_m, fsubrp_q, fsubrs_m, fsubrto_q, fsubs_m, fsubto_q, ftst, fucom_q, fucomi_q, fucomip_q, fucomp_q, fucompp, fwait, fxam, fxch_q, fxtract, fyl2x, fyl2xp1 } from "../x87";
import { xrstor64_m, xrstor_m, xsave64_m, xsave_m, xsaveopt64_m, xsaveopt_m } from "../xsave";

function mov_rr32(r: usize): void { mov_rr<u32>(r); }
function mov_rr64(r: usize): void { mov_rr<u64>(r); }
function mov_rm32(r: usize): void { mov_rm<u32>(r); }
function mov_rm64(r: usize): void { mov_rm<u64>(r); }
function mov_mr32(r: usize): void { mov_mr<u32>(r); }
function mov_mr64(r: usize): void { mov_mr<u64>(r); }
function mov_ri32(r: usize): void { mov_ri<u32>(r); }
function mov_ri64(r: usize): void { mov_ri<u64>(r); }
function mov_mi32(r: usize): void { mov_mi<u32>(r); }
function mov_mi64(r: usize): void { mov_mi<u64>(r); }
function mov_rm8(r: usize): void { mov_rm<u8>(r); }
function mov_mr8(r: usize): void { mov_mr<u8>(r); }
function mov_mi8(r: usize): void { mov_mi<u8>(r); }
function mov_rr8(r: usize): void { mov_rr<u8>(r); }
function mov_ri8(r: usize): void { mov_ri<u8>(r); }
function mov_mr16(r: usize): void { mov_mr<u16>(r); }
function mov_mi16(r: usize): void { mov_mi<u16>(r); }
function movzxb_rr32(r: usize): void { movzxb_rr<u32>(r); }
function movzxb_rm32(r: usize): void { movzxb_rm<u32>(r); }
function movzxw_rr32(r: usize): void { movzxw_rr<u32>(r); }
function movzxw_rm32(r: usize): void { movzxw_rm<u32>(r); }
function movsxb_rr32(r: usize): void { movsxb_rr<u32>(r); }
function movsxb_rm32(r: usize): void { movsxb_rm<u32>(r); }
function movsxd_rr64(r: usize): void { movsxd_rr<u64>(r); }
function movsxd_rm64(r: usize): void { movsxd_rm<u64>(r); }
function lea_rm32(r: usize): void { lea_rm<u32>(r); }
function lea_rm64(r: usize): void { lea_rm<u64>(r); }
function add_rr32(r: usize): void { add_rr<u32>(r); }
function add_rr64(r: usize): void { add_rr<u64>(r); }
function add_ri32(r: usize): void { add_ri<u32>(r); }
function add_ri64(r: usize): void { add_ri<u64>(r); }
function add_rm32(r: usize): void { add_rm<u32>(r); }
function add_rm64(r: usize): void { add_rm<u64>(r); }
function add_mr64(r: usize): void { add_mr<u64>(r); }
function add_mi32(r: usize): void { add_mi<u32>(r); }
function add_mi64(r: usize): void { add_mi<u64>(r); }
function sub_rr32(r: usize): void { sub_rr<u32>(r); }
function sub_rr64(r: usize): void { sub_rr<u64>(r); }
function sub_ri32(r: usize): void { sub_ri<u32>(r); }
function sub_ri64(r: usize): void { sub_ri<u64>(r); }
function sub_rm32(r: usize): void { sub_rm<u32>(r); }
function sub_rm64(r: usize): void { sub_rm<u64>(r); }
function sub_mr64(r: usize): void { sub_mr<u64>(r); }
function and_rr32(r: usize): void { and_rr<u32>(r); }
function and_rr64(r: usize): void { and_rr<u64>(r); }
function and_ri32(r: usize): void { and_ri<u32>(r); }
function and_ri64(r: usize): void { and_ri<u64>(r); }
function and_rm32(r: usize): void { and_rm<u32>(r); }
function and_rm64(r: usize): void { and_rm<u64>(r); }
function and_ri8(r: usize): void { and_ri<u8>(r); }
function or_rr32(r: usize): void { or_rr<u32>(r); }
function or_rr64(r: usize): void { or_rr<u64>(r); }
function or_ri32(r: usize): void { or_ri<u32>(r); }
function or_ri64(r: usize): void { or_ri<u64>(r); }
function or_rm32(r: usize): void { or_rm<u32>(r); }
function or_rm64(r: usize): void { or_rm<u64>(r); }
function or_rr8(r: usize): void { or_rr<u8>(r); }
function or_mr32(r: usize): void { or_mr<u32>(r); }
function or_mr64(r: usize): void { or_mr<u64>(r); }
function xor_rr32(r: usize): void { xor_rr<u32>(r); }
function xor_rr64(r: usize): void { xor_rr<u64>(r); }
function xor_ri32(r: usize): void { xor_ri<u32>(r); }
function xor_rr8(r: usize): void { xor_rr<u8>(r); }
function cmp_rr32(r: usize): void { cmp_rr<u32>(r); }
function cmp_rr64(r: usize): void { cmp_rr<u64>(r); }
function cmp_ri32(r: usize): void { cmp_ri<u32>(r); }
function cmp_ri64(r: usize): void { cmp_ri<u64>(r); }
function cmp_rm32(r: usize): void { cmp_rm<u32>(r); }
function cmp_rm64(r: usize): void { cmp_rm<u64>(r); }
function cmp_mr32(r: usize): void { cmp_mr<u32>(r); }
function cmp_mr64(r: usize): void { cmp_mr<u64>(r); }
function cmp_mi32(r: usize): void { cmp_mi<u32>(r); }
function cmp_mi64(r: usize): void { cmp_mi<u64>(r); }
function cmp_mi8(r: usize): void { cmp_mi<u8>(r); }
function cmp_ri8(r: usize): void { cmp_ri<u8>(r); }
function cmp_rr8(r: usize): void { cmp_rr<u8>(r); }
function cmp_rm8(r: usize): void { cmp_rm<u8>(r); }
function cmp_mr8(r: usize): void { cmp_mr<u8>(r); }
function cmp_mi16(r: usize): void { cmp_mi<u16>(r); }
function cmp_ri16(r: usize): void { cmp_ri<u16>(r); }
function test_rr32(r: usize): void { test_rr<u32>(r); }
function test_rr64(r: usize): void { test_rr<u64>(r); }
function test_rr8(r: usize): void { test_rr<u8>(r); }
function test_ri32(r: usize): void { test_ri<u32>(r); }
function test_ri8(r: usize): void { test_ri<u8>(r); }
function test_mi8(r: usize): void { test_mi<u8>(r); }
function test_mi32(r: usize): void { test_mi<u32>(r); }
function inc_r32(r: usize): void { inc_r<u32>(r); }
function inc_r64(r: usize): void { inc_r<u64>(r); }
function dec_r32(r: usize): void { dec_r<u32>(r); }
function dec_r64(r: usize): void { dec_r<u64>(r); }
function shl_ri32(r: usize): void { shl_ri<u32>(r); }
function shl_ri64(r: usize): void { shl_ri<u64>(r); }
function shr_ri32(r: usize): void { shr_ri<u32>(r); }
function shr_ri64(r: usize): void { shr_ri<u64>(r); }
function sar_ri32(r: usize): void { sar_ri<u32>(r); }
function sar_ri64(r: usize): void { sar_ri<u64>(r); }
function imul_rr64(r: usize): void { imul_rr<u64>(r); }
function imul_rri64(r: usize): void { imul_rri<u64>(r); }
function push_r64(r: usize): void { push_r<u64>(r); }
function push_i64(r: usize): void { push_i<u64>(r); }
function pop_r64(r: usize): void { pop_r<u64>(r); }
function call64(r: usize): void { call<u64>(r); }
function call_r64(r: usize): void { call_r<u64>(r); }
function call_m64(r: usize): void { call_m<u64>(r); }
function ret64(r: usize): void { ret<u64>(r); }
function jmp64(r: usize): void { jmp<u64>(r); }
function jmp_r64(r: usize): void { jmp_r<u64>(r); }
function cmovz_rr64(r: usize): void { cmovz_rr<u64>(r); }
function cmovz_rr32(r: usize): void { cmovz_rr<u32>(r); }
function cmovnz_rr64(r: usize): void { cmovnz_rr<u64>(r); }
function cmovnz_rr32(r: usize): void { cmovnz_rr<u32>(r); }
function cmovb_rr64(r: usize): void { cmovb_rr<u64>(r); }
function cmovb_rr32(r: usize): void { cmovb_rr<u32>(r); }
function cmovnb_rr64(r: usize): void { cmovnb_rr<u64>(r); }
function cmovnb_rr32(r: usize): void { cmovnb_rr<u32>(r); }
function setz_r8(r: usize): void { setz_r<u8>(r); }
function setnz_r8(r: usize): void { setnz_r<u8>(r); }
function add_rr8(r: usize): void { add_rr<u8>(r); }
function add_mr8(r: usize): void { add_mr<u8>(r); }
function add_rr16(r: usize): void { add_rr<u16>(r); }
function add_mr16(r: usize): void { add_mr<u16>(r); }
function add_mr32(r: usize): void { add_mr<u32>(r); }
function add_rm8(r: usize): void { add_rm<u8>(r); }
function add_rm16(r: usize): void { add_rm<u16>(r); }
function add_ri8(r: usize): void { add_ri<u8>(r); }
function add_ri16(r: usize): void { add_ri<u16>(r); }
function add_mi8(r: usize): void { add_mi<u8>(r); }
function add_mi16(r: usize): void { add_mi<u16>(r); }
function or_mr8(r: usize): void { or_mr<u8>(r); }
function or_rr16(r: usize): void { or_rr<u16>(r); }
function or_mr16(r: usize): void { or_mr<u16>(r); }
function or_rm8(r: usize): void { or_rm<u8>(r); }
function or_rm16(r: usize): void { or_rm<u16>(r); }
function or_ri8(r: usize): void { or_ri<u8>(r); }
function or_ri16(r: usize): void { or_ri<u16>(r); }
function or_mi8(r: usize): void { or_mi<u8>(r); }
function or_mi16(r: usize): void { or_mi<u16>(r); }
function or_mi32(r: usize): void { or_mi<u32>(r); }
function or_mi64(r: usize): void { or_mi<u64>(r); }
function adc_rr8(r: usize): void { adc_rr<u8>(r); }
function adc_mr8(r: usize): void { adc_mr<u8>(r); }
function adc_rr16(r: usize): void { adc_rr<u16>(r); }
function adc_rr32(r: usize): void { adc_rr<u32>(r); }
function adc_rr64(r: usize): void { adc_rr<u64>(r); }
function adc_mr16(r: usize): void { adc_mr<u16>(r); }
function adc_mr32(r: usize): void { adc_mr<u32>(r); }
function adc_mr64(r: usize): void { adc_mr<u64>(r); }
function adc_rm8(r: usize): void { adc_rm<u8>(r); }
function adc_rm16(r: usize): void { adc_rm<u16>(r); }
function adc_rm32(r: usize): void { adc_rm<u32>(r); }
function adc_rm64(r: usize): void { adc_rm<u64>(r); }
function adc_ri8(r: usize): void { adc_ri<u8>(r); }
function adc_ri16(r: usize): void { adc_ri<u16>(r); }
function adc_ri32(r: usize): void { adc_ri<u32>(r); }
function adc_ri64(r: usize): void { adc_ri<u64>(r); }
function adc_mi8(r: usize): void { adc_mi<u8>(r); }
function adc_mi16(r: usize): void { adc_mi<u16>(r); }
function adc_mi32(r: usize): void { adc_mi<u32>(r); }
function adc_mi64(r: usize): void { adc_mi<u64>(r); }
function sbb_rr8(r: usize): void { sbb_rr<u8>(r); }
function sbb_mr8(r: usize): void { sbb_mr<u8>(r); }
function sbb_rr16(r: usize): void { sbb_rr<u16>(r); }
function sbb_rr32(r: usize): void { sbb_rr<u32>(r); }
function sbb_rr64(r: usize): void { sbb_rr<u64>(r); }
function sbb_mr16(r: usize): void { sbb_mr<u16>(r); }
function sbb_mr32(r: usize): void { sbb_mr<u32>(r); }
function sbb_mr64(r: usize): void { sbb_mr<u64>(r); }
function sbb_rm8(r: usize): void { sbb_rm<u8>(r); }
function sbb_rm16(r: usize): void { sbb_rm<u16>(r); }
function sbb_rm32(r: usize): void { sbb_rm<u32>(r); }
function sbb_rm64(r: usize): void { sbb_rm<u64>(r); }
function sbb_ri8(r: usize): void { sbb_ri<u8>(r); }
function sbb_ri16(r: usize): void { sbb_ri<u16>(r); }
function sbb_ri32(r: usize): void { sbb_ri<u32>(r); }
function sbb_ri64(r: usize): void { sbb_ri<u64>(r); }
function sbb_mi8(r: usize): void { sbb_mi<u8>(r); }
function sbb_mi16(r: usize): void { sbb_mi<u16>(r); }
function sbb_mi32(r: usize): void { sbb_mi<u32>(r); }
function sbb_mi64(r: usize): void { sbb_mi<u64>(r); }
function and_rr8(r: usize): void { and_rr<u8>(r); }
function and_mr8(r: usize): void { and_mr<u8>(r); }
function and_rr16(r: usize): void { and_rr<u16>(r); }
function and_mr16(r: usize): void { and_mr<u16>(r); }
function and_mr32(r: usize): void { and_mr<u32>(r); }
function and_mr64(r: usize): void { and_mr<u64>(r); }
function and_rm8(r: usize): void { and_rm<u8>(r); }
function and_rm16(r: usize): void { and_rm<u16>(r); }
function and_ri16(r: usize): void { and_ri<u16>(r); }
function and_mi8(r: usize): void { and_mi<u8>(r); }
function and_mi16(r: usize): void { and_mi<u16>(r); }
function and_mi32(r: usize): void { and_mi<u32>(r); }
function and_mi64(r: usize): void { and_mi<u64>(r); }
function sub_rr8(r: usize): void { sub_rr<u8>(r); }
function sub_mr8(r: usize): void { sub_mr<u8>(r); }
function sub_rr16(r: usize): void { sub_rr<u16>(r); }
function sub_mr16(r: usize): void { sub_mr<u16>(r); }
function sub_mr32(r: usize): void { sub_mr<u32>(r); }
function sub_rm8(r: usize): void { sub_rm<u8>(r); }
function sub_rm16(r: usize): void { sub_rm<u16>(r); }
function sub_ri8(r: usize): void { sub_ri<u8>(r); }
function sub_ri16(r: usize): void { sub_ri<u16>(r); }
function sub_mi8(r: usize): void { sub_mi<u8>(r); }
function sub_mi16(r: usize): void { sub_mi<u16>(r); }
function sub_mi32(r: usize): void { sub_mi<u32>(r); }
function sub_mi64(r: usize): void { sub_mi<u64>(r); }
function xor_mr8(r: usize): void { xor_mr<u8>(r); }
function xor_rr16(r: usize): void { xor_rr<u16>(r); }
function xor_mr16(r: usize): void { xor_mr<u16>(r); }
function xor_mr32(r: usize): void { xor_mr<u32>(r); }
function xor_mr64(r: usize): void { xor_mr<u64>(r); }
function xor_rm8(r: usize): void { xor_rm<u8>(r); }
function xor_rm16(r: usize): void { xor_rm<u16>(r); }
function xor_rm32(r: usize): void { xor_rm<u32>(r); }
function xor_rm64(r: usize): void { xor_rm<u64>(r); }
function xor_ri8(r: usize): void { xor_ri<u8>(r); }
function xor_ri16(r: usize): void { xor_ri<u16>(r); }
function xor_ri64(r: usize): void { xor_ri<u64>(r); }
function xor_mi8(r: usize): void { xor_mi<u8>(r); }
function xor_mi16(r: usize): void { xor_mi<u16>(r); }
function xor_mi32(r: usize): void { xor_mi<u32>(r); }
function xor_mi64(r: usize): void { xor_mi<u64>(r); }
function cmp_rr16(r: usize): void { cmp_rr<u16>(r); }
function cmp_mr16(r: usize): void { cmp_mr<u16>(r); }
function cmp_rm16(r: usize): void { cmp_rm<u16>(r); }
function test_mr8(r: usize): void { test_mr<u8>(r); }
function test_rr16(r: usize): void { test_rr<u16>(r); }
function test_mr16(r: usize): void { test_mr<u16>(r); }
function test_mr32(r: usize): void { test_mr<u32>(r); }
function test_mr64(r: usize): void { test_mr<u64>(r); }
function test_ri16(r: usize): void { test_ri<u16>(r); }
function test_ri64(r: usize): void { test_ri<u64>(r); }
function test_mi16(r: usize): void { test_mi<u16>(r); }
function test_mi64(r: usize): void { test_mi<u64>(r); }
function not_r8(r: usize): void { not_r<u8>(r); }
function not_m8(r: usize): void { not_m<u8>(r); }
function not_r16(r: usize): void { not_r<u16>(r); }
function not_r32(r: usize): void { not_r<u32>(r); }
function not_r64(r: usize): void { not_r<u64>(r); }
function not_m16(r: usize): void { not_m<u16>(r); }
function not_m32(r: usize): void { not_m<u32>(r); }
function not_m64(r: usize): void { not_m<u64>(r); }
function neg_r8(r: usize): void { neg_r<u8>(r); }
function neg_m8(r: usize): void { neg_m<u8>(r); }
function neg_r16(r: usize): void { neg_r<u16>(r); }
function neg_r32(r: usize): void { neg_r<u32>(r); }
function neg_r64(r: usize): void { neg_r<u64>(r); }
function neg_m16(r: usize): void { neg_m<u16>(r); }
function neg_m32(r: usize): void { neg_m<u32>(r); }
function neg_m64(r: usize): void { neg_m<u64>(r); }
function inc_r8(r: usize): void { inc_r<u8>(r); }
function inc_m8(r: usize): void { inc_m<u8>(r); }
function dec_r8(r: usize): void { dec_r<u8>(r); }
function dec_m8(r: usize): void { dec_m<u8>(r); }
function inc_r16(r: usize): void { inc_r<u16>(r); }
function inc_m16(r: usize): void { inc_m<u16>(r); }
function inc_m32(r: usize): void { inc_m<u32>(r); }
function inc_m64(r: usize): void { inc_m<u64>(r); }
function dec_r16(r: usize): void { dec_r<u16>(r); }
function dec_m16(r: usize): void { dec_m<u16>(r); }
function dec_m32(r: usize): void { dec_m<u32>(r); }
function dec_m64(r: usize): void { dec_m<u64>(r); }
function rol_ri8(r: usize): void { rol_ri<u8>(r); }
function rol_mi8(r: usize): void { rol_mi<u8>(r); }
function rol_ri16(r: usize): void { rol_ri<u16>(r); }
function rol_ri32(r: usize): void { rol_ri<u32>(r); }
function rol_ri64(r: usize): void { rol_ri<u64>(r); }
function rol_mi16(r: usize): void { rol_mi<u16>(r); }
function rol_mi32(r: usize): void { rol_mi<u32>(r); }
function rol_mi64(r: usize): void { rol_mi<u64>(r); }
function rol1_r8(r: usize): void { rol1_r<u8>(r); }
function rol1_m8(r: usize): void { rol1_m<u8>(r); }
function rol1_r16(r: usize): void { rol1_r<u16>(r); }
function rol1_r32(r: usize): void { rol1_r<u32>(r); }
function rol1_r64(r: usize): void { rol1_r<u64>(r); }
function rol1_m16(r: usize): void { rol1_m<u16>(r); }
function rol1_m32(r: usize): void { rol1_m<u32>(r); }
function rol1_m64(r: usize): void { rol1_m<u64>(r); }
function rolcl_r8(r: usize): void { rolcl_r<u8>(r); }
function rolcl_m8(r: usize): void { rolcl_m<u8>(r); }
function rolcl_r16(r: usize): void { rolcl_r<u16>(r); }
function rolcl_r32(r: usize): void { rolcl_r<u32>(r); }
function rolcl_r64(r: usize): void { rolcl_r<u64>(r); }
function rolcl_m16(r: usize): void { rolcl_m<u16>(r); }
function rolcl_m32(r: usize): void { rolcl_m<u32>(r); }
function rolcl_m64(r: usize): void { rolcl_m<u64>(r); }
function ror_ri8(r: usize): void { ror_ri<u8>(r); }
function ror_mi8(r: usize): void { ror_mi<u8>(r); }
function ror_ri16(r: usize): void { ror_ri<u16>(r); }
function ror_ri32(r: usize): void { ror_ri<u32>(r); }
function ror_ri64(r: usize): void { ror_ri<u64>(r); }
function ror_mi16(r: usize): void { ror_mi<u16>(r); }
function ror_mi32(r: usize): void { ror_mi<u32>(r); }
function ror_mi64(r: usize): void { ror_mi<u64>(r); }
function ror1_r8(r: usize): void { ror1_r<u8>(r); }
function ror1_m8(r: usize): void { ror1_m<u8>(r); }
function ror1_r16(r: usize): void { ror1_r<u16>(r); }
function ror1_r32(r: usize): void { ror1_r<u32>(r); }
function ror1_r64(r: usize): void { ror1_r<u64>(r); }
function ror1_m16(r: usize): void { ror1_m<u16>(r); }
function ror1_m32(r: usize): void { ror1_m<u32>(r); }
function ror1_m64(r: usize): void { ror1_m<u64>(r); }
function rorcl_r8(r: usize): void { rorcl_r<u8>(r); }
function rorcl_m8(r: usize): void { rorcl_m<u8>(r); }
function rorcl_r16(r: usize): void { rorcl_r<u16>(r); }
function rorcl_r32(r: usize): void { rorcl_r<u32>(r); }
function rorcl_r64(r: usize): void { rorcl_r<u64>(r); }
function rorcl_m16(r: usize): void { rorcl_m<u16>(r); }
function rorcl_m32(r: usize): void { rorcl_m<u32>(r); }
function rorcl_m64(r: usize): void { rorcl_m<u64>(r); }
function rcl_ri8(r: usize): void { rcl_ri<u8>(r); }
function rcl_mi8(r: usize): void { rcl_mi<u8>(r); }
function rcl_ri16(r: usize): void { rcl_ri<u16>(r); }
function rcl_ri32(r: usize): void { rcl_ri<u32>(r); }
function rcl_ri64(r: usize): void { rcl_ri<u64>(r); }
function rcl_mi16(r: usize): void { rcl_mi<u16>(r); }
function rcl_mi32(r: usize): void { rcl_mi<u32>(r); }
function rcl_mi64(r: usize): void { rcl_mi<u64>(r); }
function rcl1_r8(r: usize): void { rcl1_r<u8>(r); }
function rcl1_m8(r: usize): void { rcl1_m<u8>(r); }
function rcl1_r16(r: usize): void { rcl1_r<u16>(r); }
function rcl1_r32(r: usize): void { rcl1_r<u32>(r); }
function rcl1_r64(r: usize): void { rcl1_r<u64>(r); }
function rcl1_m16(r: usize): void { rcl1_m<u16>(r); }
function rcl1_m32(r: usize): void { rcl1_m<u32>(r); }
function rcl1_m64(r: usize): void { rcl1_m<u64>(r); }
function rclcl_r8(r: usize): void { rclcl_r<u8>(r); }
function rclcl_m8(r: usize): void { rclcl_m<u8>(r); }
function rclcl_r16(r: usize): void { rclcl_r<u16>(r); }
function rclcl_r32(r: usize): void { rclcl_r<u32>(r); }
function rclcl_r64(r: usize): void { rclcl_r<u64>(r); }
function rclcl_m16(r: usize): void { rclcl_m<u16>(r); }
function rclcl_m32(r: usize): void { rclcl_m<u32>(r); }
function rclcl_m64(r: usize): void { rclcl_m<u64>(r); }
function rcr_ri8(r: usize): void { rcr_ri<u8>(r); }
function rcr_mi8(r: usize): void { rcr_mi<u8>(r); }
function rcr_ri16(r: usize): void { rcr_ri<u16>(r); }
function rcr_ri32(r: usize): void { rcr_ri<u32>(r); }
function rcr_ri64(r: usize): void { rcr_ri<u64>(r); }
function rcr_mi16(r: usize): void { rcr_mi<u16>(r); }
function rcr_mi32(r: usize): void { rcr_mi<u32>(r); }
function rcr_mi64(r: usize): void { rcr_mi<u64>(r); }
function rcr1_r8(r: usize): void { rcr1_r<u8>(r); }
function rcr1_m8(r: usize): void { rcr1_m<u8>(r); }
function rcr1_r16(r: usize): void { rcr1_r<u16>(r); }
function rcr1_r32(r: usize): void { rcr1_r<u32>(r); }
function rcr1_r64(r: usize): void { rcr1_r<u64>(r); }
function rcr1_m16(r: usize): void { rcr1_m<u16>(r); }
function rcr1_m32(r: usize): void { rcr1_m<u32>(r); }
function rcr1_m64(r: usize): void { rcr1_m<u64>(r); }
function rcrcl_r8(r: usize): void { rcrcl_r<u8>(r); }
function rcrcl_m8(r: usize): void { rcrcl_m<u8>(r); }
function rcrcl_r16(r: usize): void { rcrcl_r<u16>(r); }
function rcrcl_r32(r: usize): void { rcrcl_r<u32>(r); }
function rcrcl_r64(r: usize): void { rcrcl_r<u64>(r); }
function rcrcl_m16(r: usize): void { rcrcl_m<u16>(r); }
function rcrcl_m32(r: usize): void { rcrcl_m<u32>(r); }
function rcrcl_m64(r: usize): void { rcrcl_m<u64>(r); }
function shl_ri8(r: usize): void { shl_ri<u8>(r); }
function shl_mi8(r: usize): void { shl_mi<u8>(r); }
function shl_ri16(r: usize): void { shl_ri<u16>(r); }
function shl_mi16(r: usize): void { shl_mi<u16>(r); }
function shl_mi32(r: usize): void { shl_mi<u32>(r); }
function shl_mi64(r: usize): void { shl_mi<u64>(r); }
function shl1_r8(r: usize): void { shl1_r<u8>(r); }
function shl1_m8(r: usize): void { shl1_m<u8>(r); }
function shl1_r16(r: usize): void { shl1_r<u16>(r); }
function shl1_r32(r: usize): void { shl1_r<u32>(r); }
function shl1_r64(r: usize): void { shl1_r<u64>(r); }
function shl1_m16(r: usize): void { shl1_m<u16>(r); }
function shl1_m32(r: usize): void { shl1_m<u32>(r); }
function shl1_m64(r: usize): void { shl1_m<u64>(r); }
function shlcl_r8(r: usize): void { shlcl_r<u8>(r); }
function shlcl_m8(r: usize): void { shlcl_m<u8>(r); }
function shlcl_r16(r: usize): void { shlcl_r<u16>(r); }
function shlcl_r32(r: usize): void { shlcl_r<u32>(r); }
function shlcl_r64(r: usize): void { shlcl_r<u64>(r); }
function shlcl_m16(r: usize): void { shlcl_m<u16>(r); }
function shlcl_m32(r: usize): void { shlcl_m<u32>(r); }
function shlcl_m64(r: usize): void { shlcl_m<u64>(r); }
function shr_ri8(r: usize): void { shr_ri<u8>(r); }
function shr_mi8(r: usize): void { shr_mi<u8>(r); }
function shr_ri16(r: usize): void { shr_ri<u16>(r); }
function shr_mi16(r: usize): void { shr_mi<u16>(r); }
function shr_mi32(r: usize): void { shr_mi<u32>(r); }
function shr_mi64(r: usize): void { shr_mi<u64>(r); }
function shr1_r8(r: usize): void { shr1_r<u8>(r); }
function shr1_m8(r: usize): void { shr1_m<u8>(r); }
function shr1_r16(r: usize): void { shr1_r<u16>(r); }
function shr1_r32(r: usize): void { shr1_r<u32>(r); }
function shr1_r64(r: usize): void { shr1_r<u64>(r); }
function shr1_m16(r: usize): void { shr1_m<u16>(r); }
function shr1_m32(r: usize): void { shr1_m<u32>(r); }
function shr1_m64(r: usize): void { shr1_m<u64>(r); }
function shrcl_r8(r: usize): void { shrcl_r<u8>(r); }
function shrcl_m8(r: usize): void { shrcl_m<u8>(r); }
function shrcl_r16(r: usize): void { shrcl_r<u16>(r); }
function shrcl_r32(r: usize): void { shrcl_r<u32>(r); }
function shrcl_r64(r: usize): void { shrcl_r<u64>(r); }
function shrcl_m16(r: usize): void { shrcl_m<u16>(r); }
function shrcl_m32(r: usize): void { shrcl_m<u32>(r); }
function shrcl_m64(r: usize): void { shrcl_m<u64>(r); }
function sar_ri8(r: usize): void { sar_ri<u8>(r); }
function sar_mi8(r: usize): void { sar_mi<u8>(r); }
function sar_ri16(r: usize): void { sar_ri<u16>(r); }
function sar_mi16(r: usize): void { sar_mi<u16>(r); }
function sar_mi32(r: usize): void { sar_mi<u32>(r); }
function sar_mi64(r: usize): void { sar_mi<u64>(r); }
function sar1_r8(r: usize): void { sar1_r<u8>(r); }
function sar1_m8(r: usize): void { sar1_m<u8>(r); }
function sar1_r16(r: usize): void { sar1_r<u16>(r); }
function sar1_r32(r: usize): void { sar1_r<u32>(r); }
function sar1_r64(r: usize): void { sar1_r<u64>(r); }
function sar1_m16(r: usize): void { sar1_m<u16>(r); }
function sar1_m32(r: usize): void { sar1_m<u32>(r); }
function sar1_m64(r: usize): void { sar1_m<u64>(r); }
function sarcl_r8(r: usize): void { sarcl_r<u8>(r); }
function sarcl_m8(r: usize): void { sarcl_m<u8>(r); }
function sarcl_r16(r: usize): void { sarcl_r<u16>(r); }
function sarcl_r32(r: usize): void { sarcl_r<u32>(r); }
function sarcl_r64(r: usize): void { sarcl_r<u64>(r); }
function sarcl_m16(r: usize): void { sarcl_m<u16>(r); }
function sarcl_m32(r: usize): void { sarcl_m<u32>(r); }
function sarcl_m64(r: usize): void { sarcl_m<u64>(r); }
function shld_rri16(r: usize): void { shld_rri<u16>(r); }
function shld_rri32(r: usize): void { shld_rri<u32>(r); }
function shld_rri64(r: usize): void { shld_rri<u64>(r); }
function shld_mri16(r: usize): void { shld_mri<u16>(r); }
function shld_mri32(r: usize): void { shld_mri<u32>(r); }
function shld_mri64(r: usize): void { shld_mri<u64>(r); }
function shldcl_rr16(r: usize): void { shldcl_rr<u16>(r); }
function shldcl_rr32(r: usize): void { shldcl_rr<u32>(r); }
function shldcl_rr64(r: usize): void { shldcl_rr<u64>(r); }
function shldcl_mr16(r: usize): void { shldcl_mr<u16>(r); }
function shldcl_mr32(r: usize): void { shldcl_mr<u32>(r); }
function shldcl_mr64(r: usize): void { shldcl_mr<u64>(r); }
function shrd_rri16(r: usize): void { shrd_rri<u16>(r); }
function shrd_rri32(r: usize): void { shrd_rri<u32>(r); }
function shrd_rri64(r: usize): void { shrd_rri<u64>(r); }
function shrd_mri16(r: usize): void { shrd_mri<u16>(r); }
function shrd_mri32(r: usize): void { shrd_mri<u32>(r); }
function shrd_mri64(r: usize): void { shrd_mri<u64>(r); }
function shrdcl_rr16(r: usize): void { shrdcl_rr<u16>(r); }
function shrdcl_rr32(r: usize): void { shrdcl_rr<u32>(r); }
function shrdcl_rr64(r: usize): void { shrdcl_rr<u64>(r); }
function shrdcl_mr16(r: usize): void { shrdcl_mr<u16>(r); }
function shrdcl_mr32(r: usize): void { shrdcl_mr<u32>(r); }
function shrdcl_mr64(r: usize): void { shrdcl_mr<u64>(r); }
function mul_r8(r: usize): void { mul_r<u8>(r); }
function mul_m8(r: usize): void { mul_m<u8>(r); }
function mul_r16(r: usize): void { mul_r<u16>(r); }
function mul_r32(r: usize): void { mul_r<u32>(r); }
function mul_r64(r: usize): void { mul_r<u64>(r); }
function mul_m16(r: usize): void { mul_m<u16>(r); }
function mul_m32(r: usize): void { mul_m<u32>(r); }
function mul_m64(r: usize): void { mul_m<u64>(r); }
function imul1_r8(r: usize): void { imul1_r<u8>(r); }
function imul1_m8(r: usize): void { imul1_m<u8>(r); }
function imul1_r16(r: usize): void { imul1_r<u16>(r); }
function imul1_r32(r: usize): void { imul1_r<u32>(r); }
function imul1_r64(r: usize): void { imul1_r<u64>(r); }
function imul1_m16(r: usize): void { imul1_m<u16>(r); }
function imul1_m32(r: usize): void { imul1_m<u32>(r); }
function imul1_m64(r: usize): void { imul1_m<u64>(r); }
function div_r8(r: usize): void { div_r<u8>(r); }
function div_m8(r: usize): void { div_m<u8>(r); }
function div_r16(r: usize): void { div_r<u16>(r); }
function div_r32(r: usize): void { div_r<u32>(r); }
function div_r64(r: usize): void { div_r<u64>(r); }
function div_m16(r: usize): void { div_m<u16>(r); }
function div_m32(r: usize): void { div_m<u32>(r); }
function div_m64(r: usize): void { div_m<u64>(r); }
function idiv_r8(r: usize): void { idiv_r<u8>(r); }
function idiv_m8(r: usize): void { idiv_m<u8>(r); }
function idiv_r16(r: usize): void { idiv_r<u16>(r); }
function idiv_r32(r: usize): void { idiv_r<u32>(r); }
function idiv_r64(r: usize): void { idiv_r<u64>(r); }
function idiv_m16(r: usize): void { idiv_m<u16>(r); }
function idiv_m32(r: usize): void { idiv_m<u32>(r); }
function idiv_m64(r: usize): void { idiv_m<u64>(r); }
function imul_rr16(r: usize): void { imul_rr<u16>(r); }
function imul_rr32(r: usize): void { imul_rr<u32>(r); }
function imul_rm16(r: usize): void { imul_rm<u16>(r); }
function imul_rm32(r: usize): void { imul_rm<u32>(r); }
function imul_rm64(r: usize): void { imul_rm<u64>(r); }
function imul_rri16(r: usize): void { imul_rri<u16>(r); }
function imul_rri32(r: usize): void { imul_rri<u32>(r); }
function imul_rmi16(r: usize): void { imul_rmi<u16>(r); }
function imul_rmi32(r: usize): void { imul_rmi<u32>(r); }
function imul_rmi64(r: usize): void { imul_rmi<u64>(r); }
function bt_rr16(r: usize): void { bt_rr<u16>(r); }
function bt_rr32(r: usize): void { bt_rr<u32>(r); }
function bt_rr64(r: usize): void { bt_rr<u64>(r); }
function bt_mr16(r: usize): void { bt_mr<u16>(r); }
function bt_mr32(r: usize): void { bt_mr<u32>(r); }
function bt_mr64(r: usize): void { bt_mr<u64>(r); }
function bt_ri16(r: usize): void { bt_ri<u16>(r); }
function bt_ri32(r: usize): void { bt_ri<u32>(r); }
function bt_ri64(r: usize): void { bt_ri<u64>(r); }
function bt_mi16(r: usize): void { bt_mi<u16>(r); }
function bt_mi32(r: usize): void { bt_mi<u32>(r); }
function bt_mi64(r: usize): void { bt_mi<u64>(r); }
function bts_rr16(r: usize): void { bts_rr<u16>(r); }
function bts_rr32(r: usize): void { bts_rr<u32>(r); }
function bts_rr64(r: usize): void { bts_rr<u64>(r); }
function bts_mr16(r: usize): void { bts_mr<u16>(r); }
function bts_mr32(r: usize): void { bts_mr<u32>(r); }
function bts_mr64(r: usize): void { bts_mr<u64>(r); }
function bts_ri16(r: usize): void { bts_ri<u16>(r); }
function bts_ri32(r: usize): void { bts_ri<u32>(r); }
function bts_ri64(r: usize): void { bts_ri<u64>(r); }
function bts_mi16(r: usize): void { bts_mi<u16>(r); }
function bts_mi32(r: usize): void { bts_mi<u32>(r); }
function bts_mi64(r: usize): void { bts_mi<u64>(r); }
function btr_rr16(r: usize): void { btr_rr<u16>(r); }
function btr_rr32(r: usize): void { btr_rr<u32>(r); }
function btr_rr64(r: usize): void { btr_rr<u64>(r); }
function btr_mr16(r: usize): void { btr_mr<u16>(r); }
function btr_mr32(r: usize): void { btr_mr<u32>(r); }
function btr_mr64(r: usize): void { btr_mr<u64>(r); }
function btr_ri16(r: usize): void { btr_ri<u16>(r); }
function btr_ri32(r: usize): void { btr_ri<u32>(r); }
function btr_ri64(r: usize): void { btr_ri<u64>(r); }
function btr_mi16(r: usize): void { btr_mi<u16>(r); }
function btr_mi32(r: usize): void { btr_mi<u32>(r); }
function btr_mi64(r: usize): void { btr_mi<u64>(r); }
function btc_rr16(r: usize): void { btc_rr<u16>(r); }
function btc_rr32(r: usize): void { btc_rr<u32>(r); }
function btc_rr64(r: usize): void { btc_rr<u64>(r); }
function btc_mr16(r: usize): void { btc_mr<u16>(r); }
function btc_mr32(r: usize): void { btc_mr<u32>(r); }
function btc_mr64(r: usize): void { btc_mr<u64>(r); }
function btc_ri16(r: usize): void { btc_ri<u16>(r); }
function btc_ri32(r: usize): void { btc_ri<u32>(r); }
function btc_ri64(r: usize): void { btc_ri<u64>(r); }
function btc_mi16(r: usize): void { btc_mi<u16>(r); }
function btc_mi32(r: usize): void { btc_mi<u32>(r); }
function btc_mi64(r: usize): void { btc_mi<u64>(r); }
function bsf_rr16(r: usize): void { bsf_rr<u16>(r); }
function bsf_rr32(r: usize): void { bsf_rr<u32>(r); }
function bsf_rr64(r: usize): void { bsf_rr<u64>(r); }
function bsf_rm16(r: usize): void { bsf_rm<u16>(r); }
function bsf_rm32(r: usize): void { bsf_rm<u32>(r); }
function bsf_rm64(r: usize): void { bsf_rm<u64>(r); }
function bsr_rr16(r: usize): void { bsr_rr<u16>(r); }
function bsr_rr32(r: usize): void { bsr_rr<u32>(r); }
function bsr_rr64(r: usize): void { bsr_rr<u64>(r); }
function bsr_rm16(r: usize): void { bsr_rm<u16>(r); }
function bsr_rm32(r: usize): void { bsr_rm<u32>(r); }
function bsr_rm64(r: usize): void { bsr_rm<u64>(r); }
function tzcnt_rr16(r: usize): void { tzcnt_rr<u16>(r); }
function tzcnt_rr32(r: usize): void { tzcnt_rr<u32>(r); }
function tzcnt_rr64(r: usize): void { tzcnt_rr<u64>(r); }
function tzcnt_rm16(r: usize): void { tzcnt_rm<u16>(r); }
function tzcnt_rm32(r: usize): void { tzcnt_rm<u32>(r); }
function tzcnt_rm64(r: usize): void { tzcnt_rm<u64>(r); }
function lzcnt_rr16(r: usize): void { lzcnt_rr<u16>(r); }
function lzcnt_rr32(r: usize): void { lzcnt_rr<u32>(r); }
function lzcnt_rr64(r: usize): void { lzcnt_rr<u64>(r); }
function lzcnt_rm16(r: usize): void { lzcnt_rm<u16>(r); }
function lzcnt_rm32(r: usize): void { lzcnt_rm<u32>(r); }
function lzcnt_rm64(r: usize): void { lzcnt_rm<u64>(r); }
function popcnt_rr16(r: usize): void { popcnt_rr<u16>(r); }
function popcnt_rr32(r: usize): void { popcnt_rr<u32>(r); }
function popcnt_rr64(r: usize): void { popcnt_rr<u64>(r); }
function popcnt_rm16(r: usize): void { popcnt_rm<u16>(r); }
function popcnt_rm32(r: usize): void { popcnt_rm<u32>(r); }
function popcnt_rm64(r: usize): void { popcnt_rm<u64>(r); }
function bswap_r16(r: usize): void { bswap_r<u16>(r); }
function bswap_r32(r: usize): void { bswap_r<u32>(r); }
function bswap_r64(r: usize): void { bswap_r<u64>(r); }
function movbe_rm16(r: usize): void { movbe_rm<u16>(r); }
function movbe_rm32(r: usize): void { movbe_rm<u32>(r); }
function movbe_rm64(r: usize): void { movbe_rm<u64>(r); }
function movbe_mr16(r: usize): void { movbe_mr<u16>(r); }
function movbe_mr32(r: usize): void { movbe_mr<u32>(r); }
function movbe_mr64(r: usize): void { movbe_mr<u64>(r); }
function mov_rr16(r: usize): void { mov_rr<u16>(r); }
function mov_rm16(r: usize): void { mov_rm<u16>(r); }
function mov_ri16(r: usize): void { mov_ri<u16>(r); }
function movzxb_rr16(r: usize): void { movzxb_rr<u16>(r); }
function movzxb_rr64(r: usize): void { movzxb_rr<u64>(r); }
function movzxb_rm16(r: usize): void { movzxb_rm<u16>(r); }
function movzxb_rm64(r: usize): void { movzxb_rm<u64>(r); }
function movzxw_rr16(r: usize): void { movzxw_rr<u16>(r); }
function movzxw_rr64(r: usize): void { movzxw_rr<u64>(r); }
function movzxw_rm16(r: usize): void { movzxw_rm<u16>(r); }
function movzxw_rm64(r: usize): void { movzxw_rm<u64>(r); }
function movsxb_rr16(r: usize): void { movsxb_rr<u16>(r); }
function movsxb_rr64(r: usize): void { movsxb_rr<u64>(r); }
function movsxb_rm16(r: usize): void { movsxb_rm<u16>(r); }
function movsxb_rm64(r: usize): void { movsxb_rm<u64>(r); }
function movsxw_rr16(r: usize): void { movsxw_rr<u16>(r); }
function movsxw_rr32(r: usize): void { movsxw_rr<u32>(r); }
function movsxw_rr64(r: usize): void { movsxw_rr<u64>(r); }
function movsxw_rm16(r: usize): void { movsxw_rm<u16>(r); }
function movsxw_rm32(r: usize): void { movsxw_rm<u32>(r); }
function movsxw_rm64(r: usize): void { movsxw_rm<u64>(r); }
function movsxd_rr16(r: usize): void { movsxd_rr<u16>(r); }
function movsxd_rr32(r: usize): void { movsxd_rr<u32>(r); }
function movsxd_rm16(r: usize): void { movsxd_rm<u16>(r); }
function movsxd_rm32(r: usize): void { movsxd_rm<u32>(r); }
function lea_rm16(r: usize): void { lea_rm<u16>(r); }
function xchg_rr8(r: usize): void { xchg_rr<u8>(r); }
function xchg_mr8(r: usize): void { xchg_mr<u8>(r); }
function xchg_rr16(r: usize): void { xchg_rr<u16>(r); }
function xchg_rr32(r: usize): void { xchg_rr<u32>(r); }
function xchg_rr64(r: usize): void { xchg_rr<u64>(r); }
function xchg_mr16(r: usize): void { xchg_mr<u16>(r); }
function xchg_mr32(r: usize): void { xchg_mr<u32>(r); }
function xchg_mr64(r: usize): void { xchg_mr<u64>(r); }
function xchgnop_rr16(r: usize): void { xchgnop_rr<u16>(r); }
function xchgnop_rr32(r: usize): void { xchgnop_rr<u32>(r); }
function xchgnop_rr64(r: usize): void { xchgnop_rr<u64>(r); }
function cmovo_rr16(r: usize): void { cmovo_rr<u16>(r); }
function cmovo_rr32(r: usize): void { cmovo_rr<u32>(r); }
function cmovo_rr64(r: usize): void { cmovo_rr<u64>(r); }
function cmovo_rm16(r: usize): void { cmovo_rm<u16>(r); }
function cmovo_rm32(r: usize): void { cmovo_rm<u32>(r); }
function cmovo_rm64(r: usize): void { cmovo_rm<u64>(r); }
function cmovno_rr16(r: usize): void { cmovno_rr<u16>(r); }
function cmovno_rr32(r: usize): void { cmovno_rr<u32>(r); }
function cmovno_rr64(r: usize): void { cmovno_rr<u64>(r); }
function cmovno_rm16(r: usize): void { cmovno_rm<u16>(r); }
function cmovno_rm32(r: usize): void { cmovno_rm<u32>(r); }
function cmovno_rm64(r: usize): void { cmovno_rm<u64>(r); }
function cmovb_rr16(r: usize): void { cmovb_rr<u16>(r); }
function cmovb_rm16(r: usize): void { cmovb_rm<u16>(r); }
function cmovb_rm32(r: usize): void { cmovb_rm<u32>(r); }
function cmovb_rm64(r: usize): void { cmovb_rm<u64>(r); }
function cmovnb_rr16(r: usize): void { cmovnb_rr<u16>(r); }
function cmovnb_rm16(r: usize): void { cmovnb_rm<u16>(r); }
function cmovnb_rm32(r: usize): void { cmovnb_rm<u32>(r); }
function cmovnb_rm64(r: usize): void { cmovnb_rm<u64>(r); }
function cmovz_rr16(r: usize): void { cmovz_rr<u16>(r); }
function cmovz_rm16(r: usize): void { cmovz_rm<u16>(r); }
function cmovz_rm32(r: usize): void { cmovz_rm<u32>(r); }
function cmovz_rm64(r: usize): void { cmovz_rm<u64>(r); }
function cmovnz_rr16(r: usize): void { cmovnz_rr<u16>(r); }
function cmovnz_rm16(r: usize): void { cmovnz_rm<u16>(r); }
function cmovnz_rm32(r: usize): void { cmovnz_rm<u32>(r); }
function cmovnz_rm64(r: usize): void { cmovnz_rm<u64>(r); }
function cmovbe_rr16(r: usize): void { cmovbe_rr<u16>(r); }
function cmovbe_rr32(r: usize): void { cmovbe_rr<u32>(r); }
function cmovbe_rr64(r: usize): void { cmovbe_rr<u64>(r); }
function cmovbe_rm16(r: usize): void { cmovbe_rm<u16>(r); }
function cmovbe_rm32(r: usize): void { cmovbe_rm<u32>(r); }
function cmovbe_rm64(r: usize): void { cmovbe_rm<u64>(r); }
function cmovnbe_rr16(r: usize): void { cmovnbe_rr<u16>(r); }
function cmovnbe_rr32(r: usize): void { cmovnbe_rr<u32>(r); }
function cmovnbe_rr64(r: usize): void { cmovnbe_rr<u64>(r); }
function cmovnbe_rm16(r: usize): void { cmovnbe_rm<u16>(r); }
function cmovnbe_rm32(r: usize): void { cmovnbe_rm<u32>(r); }
function cmovnbe_rm64(r: usize): void { cmovnbe_rm<u64>(r); }
function cmovs_rr16(r: usize): void { cmovs_rr<u16>(r); }
function cmovs_rr32(r: usize): void { cmovs_rr<u32>(r); }
function cmovs_rr64(r: usize): void { cmovs_rr<u64>(r); }
function cmovs_rm16(r: usize): void { cmovs_rm<u16>(r); }
function cmovs_rm32(r: usize): void { cmovs_rm<u32>(r); }
function cmovs_rm64(r: usize): void { cmovs_rm<u64>(r); }
function cmovns_rr16(r: usize): void { cmovns_rr<u16>(r); }
function cmovns_rr32(r: usize): void { cmovns_rr<u32>(r); }
function cmovns_rr64(r: usize): void { cmovns_rr<u64>(r); }
function cmovns_rm16(r: usize): void { cmovns_rm<u16>(r); }
function cmovns_rm32(r: usize): void { cmovns_rm<u32>(r); }
function cmovns_rm64(r: usize): void { cmovns_rm<u64>(r); }
function cmovp_rr16(r: usize): void { cmovp_rr<u16>(r); }
function cmovp_rr32(r: usize): void { cmovp_rr<u32>(r); }
function cmovp_rr64(r: usize): void { cmovp_rr<u64>(r); }
function cmovp_rm16(r: usize): void { cmovp_rm<u16>(r); }
function cmovp_rm32(r: usize): void { cmovp_rm<u32>(r); }
function cmovp_rm64(r: usize): void { cmovp_rm<u64>(r); }
function cmovnp_rr16(r: usize): void { cmovnp_rr<u16>(r); }
function cmovnp_rr32(r: usize): void { cmovnp_rr<u32>(r); }
function cmovnp_rr64(r: usize): void { cmovnp_rr<u64>(r); }
function cmovnp_rm16(r: usize): void { cmovnp_rm<u16>(r); }
function cmovnp_rm32(r: usize): void { cmovnp_rm<u32>(r); }
function cmovnp_rm64(r: usize): void { cmovnp_rm<u64>(r); }
function cmovl_rr16(r: usize): void { cmovl_rr<u16>(r); }
function cmovl_rr32(r: usize): void { cmovl_rr<u32>(r); }
function cmovl_rr64(r: usize): void { cmovl_rr<u64>(r); }
function cmovl_rm16(r: usize): void { cmovl_rm<u16>(r); }
function cmovl_rm32(r: usize): void { cmovl_rm<u32>(r); }
function cmovl_rm64(r: usize): void { cmovl_rm<u64>(r); }
function cmovnl_rr16(r: usize): void { cmovnl_rr<u16>(r); }
function cmovnl_rr32(r: usize): void { cmovnl_rr<u32>(r); }
function cmovnl_rr64(r: usize): void { cmovnl_rr<u64>(r); }
function cmovnl_rm16(r: usize): void { cmovnl_rm<u16>(r); }
function cmovnl_rm32(r: usize): void { cmovnl_rm<u32>(r); }
function cmovnl_rm64(r: usize): void { cmovnl_rm<u64>(r); }
function cmovle_rr16(r: usize): void { cmovle_rr<u16>(r); }
function cmovle_rr32(r: usize): void { cmovle_rr<u32>(r); }
function cmovle_rr64(r: usize): void { cmovle_rr<u64>(r); }
function cmovle_rm16(r: usize): void { cmovle_rm<u16>(r); }
function cmovle_rm32(r: usize): void { cmovle_rm<u32>(r); }
function cmovle_rm64(r: usize): void { cmovle_rm<u64>(r); }
function cmovnle_rr16(r: usize): void { cmovnle_rr<u16>(r); }
function cmovnle_rr32(r: usize): void { cmovnle_rr<u32>(r); }
function cmovnle_rr64(r: usize): void { cmovnle_rr<u64>(r); }
function cmovnle_rm16(r: usize): void { cmovnle_rm<u16>(r); }
function cmovnle_rm32(r: usize): void { cmovnle_rm<u32>(r); }
function cmovnle_rm64(r: usize): void { cmovnle_rm<u64>(r); }
function seto_r8(r: usize): void { seto_r<u8>(r); }
function seto_m8(r: usize): void { seto_m<u8>(r); }
function setno_r8(r: usize): void { setno_r<u8>(r); }
function setno_m8(r: usize): void { setno_m<u8>(r); }
function setb_r8(r: usize): void { setb_r<u8>(r); }
function setb_m8(r: usize): void { setb_m<u8>(r); }
function setnb_r8(r: usize): void { setnb_r<u8>(r); }
function setnb_m8(r: usize): void { setnb_m<u8>(r); }
function setz_m8(r: usize): void { setz_m<u8>(r); }
function setnz_m8(r: usize): void { setnz_m<u8>(r); }
function setbe_r8(r: usize): void { setbe_r<u8>(r); }
function setbe_m8(r: usize): void { setbe_m<u8>(r); }
function setnbe_r8(r: usize): void { setnbe_r<u8>(r); }
function setnbe_m8(r: usize): void { setnbe_m<u8>(r); }
function sets_r8(r: usize): void { sets_r<u8>(r); }
function sets_m8(r: usize): void { sets_m<u8>(r); }
function setns_r8(r: usize): void { setns_r<u8>(r); }
function setns_m8(r: usize): void { setns_m<u8>(r); }
function setp_r8(r: usize): void { setp_r<u8>(r); }
function setp_m8(r: usize): void { setp_m<u8>(r); }
function setnp_r8(r: usize): void { setnp_r<u8>(r); }
function setnp_m8(r: usize): void { setnp_m<u8>(r); }
function setl_r8(r: usize): void { setl_r<u8>(r); }
function setl_m8(r: usize): void { setl_m<u8>(r); }
function setnl_r8(r: usize): void { setnl_r<u8>(r); }
function setnl_m8(r: usize): void { setnl_m<u8>(r); }
function setle_r8(r: usize): void { setle_r<u8>(r); }
function setle_m8(r: usize): void { setle_m<u8>(r); }
function setnle_r8(r: usize): void { setnle_r<u8>(r); }
function setnle_m8(r: usize): void { setnle_m<u8>(r); }
function cbw16(r: usize): void { cbw<u16>(r); }
function cbw32(r: usize): void { cbw<u32>(r); }
function cbw64(r: usize): void { cbw<u64>(r); }
function cwd16(r: usize): void { cwd<u16>(r); }
function cwd32(r: usize): void { cwd<u32>(r); }
function cwd64(r: usize): void { cwd<u64>(r); }
function rdfsbase_r32(r: usize): void { rdfsbase_r<u32>(r); }
function rdfsbase_r64(r: usize): void { rdfsbase_r<u64>(r); }
function rdgsbase_r32(r: usize): void { rdgsbase_r<u32>(r); }
function rdgsbase_r64(r: usize): void { rdgsbase_r<u64>(r); }
function wrfsbase_r32(r: usize): void { wrfsbase_r<u32>(r); }
function wrfsbase_r64(r: usize): void { wrfsbase_r<u64>(r); }
function wrgsbase_r32(r: usize): void { wrgsbase_r<u32>(r); }
function wrgsbase_r64(r: usize): void { wrgsbase_r<u64>(r); }
function smsw_r16(r: usize): void { smsw_r<u16>(r); }
function smsw_r32(r: usize): void { smsw_r<u32>(r); }
function smsw_r64(r: usize): void { smsw_r<u64>(r); }
function smsw_m16(r: usize): void { smsw_m<u16>(r); }
function smsw_m32(r: usize): void { smsw_m<u32>(r); }
function smsw_m64(r: usize): void { smsw_m<u64>(r); }
function bound_rm16(r: usize): void { bound_rm<u16>(r); }
function bound_rm32(r: usize): void { bound_rm<u32>(r); }
function rdrand_r16(r: usize): void { rdrand_r<u16>(r); }
function rdrand_r32(r: usize): void { rdrand_r<u32>(r); }
function rdrand_r64(r: usize): void { rdrand_r<u64>(r); }
function rdseed_r16(r: usize): void { rdseed_r<u16>(r); }
function rdseed_r32(r: usize): void { rdseed_r<u32>(r); }
function rdseed_r64(r: usize): void { rdseed_r<u64>(r); }
function push_r16(r: usize): void { push_r<u16>(r); }
function push_r32(r: usize): void { push_r<u32>(r); }
function pop_r16(r: usize): void { pop_r<u16>(r); }
function pop_r32(r: usize): void { pop_r<u32>(r); }
function push_i16(r: usize): void { push_i<u16>(r); }
function push_i32(r: usize): void { push_i<u32>(r); }
function push_m16(r: usize): void { push_m<u16>(r); }
function push_m32(r: usize): void { push_m<u32>(r); }
function push_m64(r: usize): void { push_m<u64>(r); }
function pop_m16(r: usize): void { pop_m<u16>(r); }
function pop_m32(r: usize): void { pop_m<u32>(r); }
function pop_m64(r: usize): void { pop_m<u64>(r); }
function enter_i16(r: usize): void { enter_i<u16>(r); }
function enter_i32(r: usize): void { enter_i<u32>(r); }
function enter_i64(r: usize): void { enter_i<u64>(r); }
function leave16(r: usize): void { leave<u16>(r); }
function leave32(r: usize): void { leave<u32>(r); }
function leave64(r: usize): void { leave<u64>(r); }
function pusha16(r: usize): void { pusha<u16>(r); }
function pusha32(r: usize): void { pusha<u32>(r); }
function popa16(r: usize): void { popa<u16>(r); }
function popa32(r: usize): void { popa<u32>(r); }
function pushf16(r: usize): void { pushf<u16>(r); }
function pushf32(r: usize): void { pushf<u32>(r); }
function pushf64(r: usize): void { pushf<u64>(r); }
function popf16(r: usize): void { popf<u16>(r); }
function popf32(r: usize): void { popf<u32>(r); }
function popf64(r: usize): void { popf<u64>(r); }
function call16(r: usize): void { call<u16>(r); }
function call32(r: usize): void { call<u32>(r); }
function jmp16(r: usize): void { jmp<u16>(r); }
function jmp32(r: usize): void { jmp<u32>(r); }
function call_r16(r: usize): void { call_r<u16>(r); }
function call_r32(r: usize): void { call_r<u32>(r); }
function call_m16(r: usize): void { call_m<u16>(r); }
function call_m32(r: usize): void { call_m<u32>(r); }
function jmp_r16(r: usize): void { jmp_r<u16>(r); }
function jmp_r32(r: usize): void { jmp_r<u32>(r); }
function jmp_m16(r: usize): void { jmp_m<u16>(r); }
function jmp_m32(r: usize): void { jmp_m<u32>(r); }
function jmp_m64(r: usize): void { jmp_m<u64>(r); }
function ret16(r: usize): void { ret<u16>(r); }
function ret32(r: usize): void { ret<u32>(r); }
function ret_i16(r: usize): void { ret_i<u16>(r); }
function ret_i32(r: usize): void { ret_i<u32>(r); }
function ret_i64(r: usize): void { ret_i<u64>(r); }
function callf_p16(r: usize): void { callf_p<u16>(r); }
function callf_p32(r: usize): void { callf_p<u32>(r); }
function jmpf_p16(r: usize): void { jmpf_p<u16>(r); }
function jmpf_p32(r: usize): void { jmpf_p<u32>(r); }
function callf_m16(r: usize): void { callf_m<u16>(r); }
function callf_m32(r: usize): void { callf_m<u32>(r); }
function callf_m64(r: usize): void { callf_m<u64>(r); }
function jmpf_m16(r: usize): void { jmpf_m<u16>(r); }
function jmpf_m32(r: usize): void { jmpf_m<u32>(r); }
function jmpf_m64(r: usize): void { jmpf_m<u64>(r); }
function retf16(r: usize): void { retf<u16>(r); }
function retf32(r: usize): void { retf<u32>(r); }
function retf64(r: usize): void { retf<u64>(r); }
function retf_i16(r: usize): void { retf_i<u16>(r); }
function retf_i32(r: usize): void { retf_i<u32>(r); }
function retf_i64(r: usize): void { retf_i<u64>(r); }
function iret16(r: usize): void { iret<u16>(r); }
function iret32(r: usize): void { iret<u32>(r); }
function iret64(r: usize): void { iret<u64>(r); }
function sysret32(r: usize): void { sysret<u32>(r); }
function sysret64(r: usize): void { sysret<u64>(r); }
function sysexit32(r: usize): void { sysexit<u32>(r); }
function sysexit64(r: usize): void { sysexit<u64>(r); }
function movs8(r: usize): void { movs<u8>(r); }
function movs16(r: usize): void { movs<u16>(r); }
function movs32(r: usize): void { movs<u32>(r); }
function movs64(r: usize): void { movs<u64>(r); }
function cmps8(r: usize): void { cmps<u8>(r); }
function cmps16(r: usize): void { cmps<u16>(r); }
function cmps32(r: usize): void { cmps<u32>(r); }
function cmps64(r: usize): void { cmps<u64>(r); }
function stos8(r: usize): void { stos<u8>(r); }
function stos16(r: usize): void { stos<u16>(r); }
function stos32(r: usize): void { stos<u32>(r); }
function stos64(r: usize): void { stos<u64>(r); }
function lods8(r: usize): void { lods<u8>(r); }
function lods16(r: usize): void { lods<u16>(r); }
function lods32(r: usize): void { lods<u32>(r); }
function lods64(r: usize): void { lods<u64>(r); }
function scas8(r: usize): void { scas<u8>(r); }
function scas16(r: usize): void { scas<u16>(r); }
function scas32(r: usize): void { scas<u32>(r); }
function scas64(r: usize): void { scas<u64>(r); }
function ins8(r: usize): void { ins<u8>(r); }
function ins16(r: usize): void { ins<u16>(r); }
function ins32(r: usize): void { ins<u32>(r); }
function ins64(r: usize): void { ins<u64>(r); }
function outs8(r: usize): void { outs<u8>(r); }
function outs16(r: usize): void { outs<u16>(r); }
function outs32(r: usize): void { outs<u32>(r); }
function outs64(r: usize): void { outs<u64>(r); }
function inv_i16(r: usize): void { inv_i<u16>(r); }
function inv_i32(r: usize): void { inv_i<u32>(r); }
function inv_i64(r: usize): void { inv_i<u64>(r); }
function outv_i16(r: usize): void { outv_i<u16>(r); }
function outv_i32(r: usize): void { outv_i<u32>(r); }
function outv_i64(r: usize): void { outv_i<u64>(r); }
function invdx16(r: usize): void { invdx<u16>(r); }
function invdx32(r: usize): void { invdx<u32>(r); }
function invdx64(r: usize): void { invdx<u64>(r); }
function outvdx16(r: usize): void { outvdx<u16>(r); }
function outvdx32(r: usize): void { outvdx<u32>(r); }
function outvdx64(r: usize): void { outvdx<u64>(r); }
function xadd_rr8(r: usize): void { xadd_rr<u8>(r); }
function xadd_mr8(r: usize): void { xadd_mr<u8>(r); }
function xadd_rr16(r: usize): void { xadd_rr<u16>(r); }
function xadd_rr32(r: usize): void { xadd_rr<u32>(r); }
function xadd_rr64(r: usize): void { xadd_rr<u64>(r); }
function xadd_mr16(r: usize): void { xadd_mr<u16>(r); }
function xadd_mr32(r: usize): void { xadd_mr<u32>(r); }
function xadd_mr64(r: usize): void { xadd_mr<u64>(r); }
function cmpxchg_rr8(r: usize): void { cmpxchg_rr<u8>(r); }
function cmpxchg_mr8(r: usize): void { cmpxchg_mr<u8>(r); }
function cmpxchg_rr16(r: usize): void { cmpxchg_rr<u16>(r); }
function cmpxchg_rr32(r: usize): void { cmpxchg_rr<u32>(r); }
function cmpxchg_rr64(r: usize): void { cmpxchg_rr<u64>(r); }
function cmpxchg_mr16(r: usize): void { cmpxchg_mr<u16>(r); }
function cmpxchg_mr32(r: usize): void { cmpxchg_mr<u32>(r); }
function cmpxchg_mr64(r: usize): void { cmpxchg_mr<u64>(r); }
function movrs_r16(r: usize): void { movrs_r<u16>(r); }
function movrs_r32(r: usize): void { movrs_r<u32>(r); }
function movrs_r64(r: usize): void { movrs_r<u64>(r); }
function movrs_m16(r: usize): void { movrs_m<u16>(r); }
function movrs_m32(r: usize): void { movrs_m<u32>(r); }
function movrs_m64(r: usize): void { movrs_m<u64>(r); }
function pushes16(r: usize): void { pushes<u16>(r); }
function pushes32(r: usize): void { pushes<u32>(r); }
function pushcs16(r: usize): void { pushcs<u16>(r); }
function pushcs32(r: usize): void { pushcs<u32>(r); }
function pushss16(r: usize): void { pushss<u16>(r); }
function pushss32(r: usize): void { pushss<u32>(r); }
function pushds16(r: usize): void { pushds<u16>(r); }
function pushds32(r: usize): void { pushds<u32>(r); }
function pushfs16(r: usize): void { pushfs<u16>(r); }
function pushfs32(r: usize): void { pushfs<u32>(r); }
function pushfs64(r: usize): void { pushfs<u64>(r); }
function pushgs16(r: usize): void { pushgs<u16>(r); }
function pushgs32(r: usize): void { pushgs<u32>(r); }
function pushgs64(r: usize): void { pushgs<u64>(r); }
function popes16(r: usize): void { popes<u16>(r); }
function popes32(r: usize): void { popes<u32>(r); }
function popss16(r: usize): void { popss<u16>(r); }
function popss32(r: usize): void { popss<u32>(r); }
function popds16(r: usize): void { popds<u16>(r); }
function popds32(r: usize): void { popds<u32>(r); }
function popfs16(r: usize): void { popfs<u16>(r); }
function popfs32(r: usize): void { popfs<u32>(r); }
function popfs64(r: usize): void { popfs<u64>(r); }
function popgs16(r: usize): void { popgs<u16>(r); }
function popgs32(r: usize): void { popgs<u32>(r); }
function popgs64(r: usize): void { popgs<u64>(r); }
function les_rm16(r: usize): void { les_rm<u16>(r); }
function les_rm32(r: usize): void { les_rm<u32>(r); }
function lds_rm16(r: usize): void { lds_rm<u16>(r); }
function lds_rm32(r: usize): void { lds_rm<u32>(r); }
function lss_rm16(r: usize): void { lss_rm<u16>(r); }
function lss_rm32(r: usize): void { lss_rm<u32>(r); }
function lss_rm64(r: usize): void { lss_rm<u64>(r); }
function lfs_rm16(r: usize): void { lfs_rm<u16>(r); }
function lfs_rm32(r: usize): void { lfs_rm<u32>(r); }
function lfs_rm64(r: usize): void { lfs_rm<u64>(r); }
function lgs_rm16(r: usize): void { lgs_rm<u16>(r); }
function lgs_rm32(r: usize): void { lgs_rm<u32>(r); }
function lgs_rm64(r: usize): void { lgs_rm<u64>(r); }
function sldt_r16(r: usize): void { sldt_r<u16>(r); }
function sldt_r32(r: usize): void { sldt_r<u32>(r); }
function sldt_r64(r: usize): void { sldt_r<u64>(r); }
function sldt_m16(r: usize): void { sldt_m<u16>(r); }
function sldt_m32(r: usize): void { sldt_m<u32>(r); }
function sldt_m64(r: usize): void { sldt_m<u64>(r); }
function str_r16(r: usize): void { str_r<u16>(r); }
function str_r32(r: usize): void { str_r<u32>(r); }
function str_r64(r: usize): void { str_r<u64>(r); }
function str_m16(r: usize): void { str_m<u16>(r); }
function str_m32(r: usize): void { str_m<u32>(r); }
function str_m64(r: usize): void { str_m<u64>(r); }
function lgdt_m16(r: usize): void { lgdt_m<u16>(r); }
function lgdt_m32(r: usize): void { lgdt_m<u32>(r); }
function lgdt_m64(r: usize): void { lgdt_m<u64>(r); }
function lidt_m16(r: usize): void { lidt_m<u16>(r); }
function lidt_m32(r: usize): void { lidt_m<u32>(r); }
function lidt_m64(r: usize): void { lidt_m<u64>(r); }
function lar_rr16(r: usize): void { lar_rr<u16>(r); }
function lar_rr32(r: usize): void { lar_rr<u32>(r); }
function lar_rr64(r: usize): void { lar_rr<u64>(r); }
function lar_rm16(r: usize): void { lar_rm<u16>(r); }
function lar_rm32(r: usize): void { lar_rm<u32>(r); }
function lar_rm64(r: usize): void { lar_rm<u64>(r); }
function lsl_rr16(r: usize): void { lsl_rr<u16>(r); }
function lsl_rr32(r: usize): void { lsl_rr<u32>(r); }
function lsl_rr64(r: usize): void { lsl_rr<u64>(r); }
function lsl_rm16(r: usize): void { lsl_rm<u16>(r); }
function lsl_rm32(r: usize): void { lsl_rm<u32>(r); }
function lsl_rm64(r: usize): void { lsl_rm<u64>(r); }
function movd_qr32(r: usize): void { movd_qr<u32>(r); }
function movd_qr64(r: usize): void { movd_qr<u64>(r); }
function movd_qm32(r: usize): void { movd_qm<u32>(r); }
function movd_qm64(r: usize): void { movd_qm<u64>(r); }
function movd_rq32(r: usize): void { movd_rq<u32>(r); }
function movd_rq64(r: usize): void { movd_rq<u64>(r); }
function movd_mq32(r: usize): void { movd_mq<u32>(r); }
function movd_mq64(r: usize): void { movd_mq<u64>(r); }
function movd_xr32(r: usize): void { movd_xr<u32>(r); }
function movd_xr64(r: usize): void { movd_xr<u64>(r); }
function movd_xm32(r: usize): void { movd_xm<u32>(r); }
function movd_xm64(r: usize): void { movd_xm<u64>(r); }
function movd_rx32(r: usize): void { movd_rx<u32>(r); }
function movd_rx64(r: usize): void { movd_rx<u64>(r); }
function movd_mx32(r: usize): void { movd_mx<u32>(r); }
function movd_mx64(r: usize): void { movd_mx<u64>(r); }
function movnti_mr32(r: usize): void { movnti_mr<u32>(r); }
function movnti_mr64(r: usize): void { movnti_mr<u64>(r); }
function cvtsi2ss_xr32(r: usize): void { cvtsi2ss_xr<u32>(r); }
function cvtsi2ss_xr64(r: usize): void { cvtsi2ss_xr<u64>(r); }
function cvtsi2ss_xm32(r: usize): void { cvtsi2ss_xm<u32>(r); }
function cvtsi2ss_xm64(r: usize): void { cvtsi2ss_xm<u64>(r); }
function cvtsi2sd_xr32(r: usize): void { cvtsi2sd_xr<u32>(r); }
function cvtsi2sd_xr64(r: usize): void { cvtsi2sd_xr<u64>(r); }
function cvtsi2sd_xm32(r: usize): void { cvtsi2sd_xm<u32>(r); }
function cvtsi2sd_xm64(r: usize): void { cvtsi2sd_xm<u64>(r); }
function cvttss2si_rx32(r: usize): void { cvttss2si_rx<u32>(r); }
function cvttss2si_rx64(r: usize): void { cvttss2si_rx<u64>(r); }
function cvttss2si_rm32(r: usize): void { cvttss2si_rm<u32>(r); }
function cvttss2si_rm64(r: usize): void { cvttss2si_rm<u64>(r); }
function cvttsd2si_rx32(r: usize): void { cvttsd2si_rx<u32>(r); }
function cvttsd2si_rx64(r: usize): void { cvttsd2si_rx<u64>(r); }
function cvttsd2si_rm32(r: usize): void { cvttsd2si_rm<u32>(r); }
function cvttsd2si_rm64(r: usize): void { cvttsd2si_rm<u64>(r); }
function cvtss2si_rx32(r: usize): void { cvtss2si_rx<u32>(r); }
function cvtss2si_rx64(r: usize): void { cvtss2si_rx<u64>(r); }
function cvtss2si_rm32(r: usize): void { cvtss2si_rm<u32>(r); }
function cvtss2si_rm64(r: usize): void { cvtss2si_rm<u64>(r); }
function cvtsd2si_rx32(r: usize): void { cvtsd2si_rx<u32>(r); }
function cvtsd2si_rx64(r: usize): void { cvtsd2si_rx<u64>(r); }
function cvtsd2si_rm32(r: usize): void { cvtsd2si_rm<u32>(r); }
function cvtsd2si_rm64(r: usize): void { cvtsd2si_rm<u64>(r); }
function pextrd_rxi32(r: usize): void { pextrd_rxi<u32>(r); }
function pextrd_rxi64(r: usize): void { pextrd_rxi<u64>(r); }
function pextrd_mxi32(r: usize): void { pextrd_mxi<u32>(r); }
function pextrd_mxi64(r: usize): void { pextrd_mxi<u64>(r); }
function pinsrd_xri32(r: usize): void { pinsrd_xri<u32>(r); }
function pinsrd_xri64(r: usize): void { pinsrd_xri<u64>(r); }
function pinsrd_xmi32(r: usize): void { pinsrd_xmi<u32>(r); }
function pinsrd_xmi64(r: usize): void { pinsrd_xmi<u64>(r); }
function pcmpestrm_xxi32(r: usize): void { pcmpestrm_xxi<u32>(r); }
function pcmpestrm_xxi64(r: usize): void { pcmpestrm_xxi<u64>(r); }
function pcmpestrm_xmi32(r: usize): void { pcmpestrm_xmi<u32>(r); }
function pcmpestrm_xmi64(r: usize): void { pcmpestrm_xmi<u64>(r); }
function pcmpestri_xxi32(r: usize): void { pcmpestri_xxi<u32>(r); }
function pcmpestri_xxi64(r: usize): void { pcmpestri_xxi<u64>(r); }
function pcmpestri_xmi32(r: usize): void { pcmpestri_xmi<u32>(r); }
function pcmpestri_xmi64(r: usize): void { pcmpestri_xmi<u64>(r); }
function crc32_rr8(r: usize): void { crc32_rr<u8>(r); }
function crc32_rm8(r: usize): void { crc32_rm<u8>(r); }
function crc32_rr16(r: usize): void { crc32_rr<u16>(r); }
function crc32_rr32(r: usize): void { crc32_rr<u32>(r); }
function crc32_rr64(r: usize): void { crc32_rr<u64>(r); }
function crc32_rm16(r: usize): void { crc32_rm<u16>(r); }
function crc32_rm32(r: usize): void { crc32_rm<u32>(r); }
function crc32_rm64(r: usize): void { crc32_rm<u64>(r); }
function andn_rvr32(r: usize): void { andn_rvr<u32>(r); }
function andn_rvr64(r: usize): void { andn_rvr<u64>(r); }
function andn_rvm32(r: usize): void { andn_rvm<u32>(r); }
function andn_rvm64(r: usize): void { andn_rvm<u64>(r); }
function blsr_vr32(r: usize): void { blsr_vr<u32>(r); }
function blsr_vr64(r: usize): void { blsr_vr<u64>(r); }
function blsr_vm32(r: usize): void { blsr_vm<u32>(r); }
function blsr_vm64(r: usize): void { blsr_vm<u64>(r); }
function blsmsk_vr32(r: usize): void { blsmsk_vr<u32>(r); }
function blsmsk_vr64(r: usize): void { blsmsk_vr<u64>(r); }
function blsmsk_vm32(r: usize): void { blsmsk_vm<u32>(r); }
function blsmsk_vm64(r: usize): void { blsmsk_vm<u64>(r); }
function blsi_vr32(r: usize): void { blsi_vr<u32>(r); }
function blsi_vr64(r: usize): void { blsi_vr<u64>(r); }
function blsi_vm32(r: usize): void { blsi_vm<u32>(r); }
function blsi_vm64(r: usize): void { blsi_vm<u64>(r); }
function bextr_rrv32(r: usize): void { bextr_rrv<u32>(r); }
function bextr_rrv64(r: usize): void { bextr_rrv<u64>(r); }
function bextr_rmv32(r: usize): void { bextr_rmv<u32>(r); }
function bextr_rmv64(r: usize): void { bextr_rmv<u64>(r); }
function bzhi_rrv32(r: usize): void { bzhi_rrv<u32>(r); }
function bzhi_rrv64(r: usize): void { bzhi_rrv<u64>(r); }
function bzhi_rmv32(r: usize): void { bzhi_rmv<u32>(r); }
function bzhi_rmv64(r: usize): void { bzhi_rmv<u64>(r); }
function pext_rvr32(r: usize): void { pext_rvr<u32>(r); }
function pext_rvr64(r: usize): void { pext_rvr<u64>(r); }
function pext_rvm32(r: usize): void { pext_rvm<u32>(r); }
function pext_rvm64(r: usize): void { pext_rvm<u64>(r); }
function pdep_rvr32(r: usize): void { pdep_rvr<u32>(r); }
function pdep_rvr64(r: usize): void { pdep_rvr<u64>(r); }
function pdep_rvm32(r: usize): void { pdep_rvm<u32>(r); }
function pdep_rvm64(r: usize): void { pdep_rvm<u64>(r); }
function mulx_rvr32(r: usize): void { mulx_rvr<u32>(r); }
function mulx_rvr64(r: usize): void { mulx_rvr<u64>(r); }
function mulx_rvm32(r: usize): void { mulx_rvm<u32>(r); }
function mulx_rvm64(r: usize): void { mulx_rvm<u64>(r); }
function shlx_rrv32(r: usize): void { shlx_rrv<u32>(r); }
function shlx_rrv64(r: usize): void { shlx_rrv<u64>(r); }
function shlx_rmv32(r: usize): void { shlx_rmv<u32>(r); }
function shlx_rmv64(r: usize): void { shlx_rmv<u64>(r); }
function sarx_rrv32(r: usize): void { sarx_rrv<u32>(r); }
function sarx_rrv64(r: usize): void { sarx_rrv<u64>(r); }
function sarx_rmv32(r: usize): void { sarx_rmv<u32>(r); }
function sarx_rmv64(r: usize): void { sarx_rmv<u64>(r); }
function shrx_rrv32(r: usize): void { shrx_rrv<u32>(r); }
function shrx_rrv64(r: usize): void { shrx_rrv<u64>(r); }
function shrx_rmv32(r: usize): void { shrx_rmv<u32>(r); }
function shrx_rmv64(r: usize): void { shrx_rmv<u64>(r); }
function rorx_rri32(r: usize): void { rorx_rri<u32>(r); }
function rorx_rri64(r: usize): void { rorx_rri<u64>(r); }
function rorx_rmi32(r: usize): void { rorx_rmi<u32>(r); }
function rorx_rmi64(r: usize): void { rorx_rmi<u64>(r); }
function adcx_rr32(r: usize): void { adcx_rr<u32>(r); }
function adcx_rr64(r: usize): void { adcx_rr<u64>(r); }
function adcx_rm32(r: usize): void { adcx_rm<u32>(r); }
function adcx_rm64(r: usize): void { adcx_rm<u64>(r); }
function adox_rr32(r: usize): void { adox_rr<u32>(r); }
function adox_rr64(r: usize): void { adox_rr<u64>(r); }
function adox_rm32(r: usize): void { adox_rm<u32>(r); }
function adox_rm64(r: usize): void { adox_rm<u64>(r); }

/** Handler of every operation, by number. */
export const OPERATIONS: StaticArray<(r: usize) => void> = [
  mov_rr32,
  mov_rr64,
  mov_rm32,
  mov_rm64,
  mov_mr32,
  mov_mr64,
  mov_ri32,
  mov_ri64,
  mov_mi32,
  mov_mi64,
  mov_rm8,
  mov_mr8,
  mov_mi8,
  mov_rr8,
  mov_ri8,
  mov_mr16,
  mov_mi16,
  movzxb_rr32,
  movzxb_rm32,
  movzxw_rr32,
  movzxw_rm32,
  movsxb_rr32,
  movsxb_rm32,
  movsxd_rr64,
  movsxd_rm64,
  lea_rm32,
  lea_rm64,
  add_rr32,
  add_rr64,
  add_ri32,
  add_ri64,
  add_rm32,
  add_rm64,
  add_mr64,
  add_mi32,
  add_mi64,
  sub_rr32,
  sub_rr64,
  sub_ri32,
  sub_ri64,
  sub_rm32,
  sub_rm64,
  sub_mr64,
  and_rr32,
  and_rr64,
  and_ri32,
  and_ri64,
  and_rm32,
  and_rm64,
  and_ri8,
  or_rr32,
  or_rr64,
  or_ri32,
  or_ri64,
  or_rm32,
  or_rm64,
  or_rr8,
  or_mr32,
  or_mr64,
  xor_rr32,
  xor_rr64,
  xor_ri32,
  xor_rr8,
  cmp_rr32,
  cmp_rr64,
  cmp_ri32,
  cmp_ri64,
  cmp_rm32,
  cmp_rm64,
  cmp_mr32,
  cmp_mr64,
  cmp_mi32,
  cmp_mi64,
  cmp_mi8,
  cmp_ri8,
  cmp_rr8,
  cmp_rm8,
  cmp_mr8,
  cmp_mi16,
  cmp_ri16,
  test_rr32,
  test_rr64,
  test_rr8,
  test_ri32,
  test_ri8,
  test_mi8,
  test_mi32,
  inc_r32,
  inc_r64,
  dec_r32,
  dec_r64,
  shl_ri32,
  shl_ri64,
  shr_ri32,
  shr_ri64,
  sar_ri32,
  sar_ri64,
  imul_rr64,
  imul_rri64,
  push_r64,
  push_i64,
  pop_r64,
  call64,
  call_r64,
  call_m64,
  ret64,
  jmp64,
  jmp_r64,
  jb,
  jnb,
  jz,
  jnz,
  jbe,
  jnbe,
  js,
  jns,
  jl,
  jnl,
  jle,
  jnle,
  cmovz_rr64,
  cmovz_rr32,
  cmovnz_rr64,
  cmovnz_rr32,
  cmovb_rr64,
  cmovb_rr32,
  cmovnb_rr64,
  cmovnb_rr32,
  setz_r8,
  setnz_r8,
  nop,
  undefined_opcode,
  legacy_ea,
  breakpoint_hook,
  add_rr8,
  add_mr8,
  add_rr16,
  add_mr16,
  add_mr32,
  add_rm8,
  add_rm16,
  add_ri8,
  add_ri16,
  add_mi8,
  add_mi16,
  or_mr8,
  or_rr16,
  or_mr16,
  or_rm8,
  or_rm16,
  or_ri8,
  or_ri16,
  or_mi8,
  or_mi16,
  or_mi32,
  or_mi64,
  adc_rr8,
  adc_mr8,
  adc_rr16,
  adc_rr32,
  adc_rr64,
  adc_mr16,
  adc_mr32,
  adc_mr64,
  adc_rm8,
  adc_rm16,
  adc_rm32,
  adc_rm64,
  adc_ri8,
  adc_ri16,
  adc_ri32,
  adc_ri64,
  adc_mi8,
  adc_mi16,
  adc_mi32,
  adc_mi64,
  sbb_rr8,
  sbb_mr8,
  sbb_rr16,
  sbb_rr32,
  sbb_rr64,
  sbb_mr16,
  sbb_mr32,
  sbb_mr64,
  sbb_rm8,
  sbb_rm16,
  sbb_rm32,
  sbb_rm64,
  sbb_ri8,
  sbb_ri16,
  sbb_ri32,
  sbb_ri64,
  sbb_mi8,
  sbb_mi16,
  sbb_mi32,
  sbb_mi64,
  and_rr8,
  and_mr8,
  and_rr16,
  and_mr16,
  and_mr32,
  and_mr64,
  and_rm8,
  and_rm16,
  and_ri16,
  and_mi8,
  and_mi16,
  and_mi32,
  and_mi64,
  sub_rr8,
  sub_mr8,
  sub_rr16,
  sub_mr16,
  sub_mr32,
  sub_rm8,
  sub_rm16,
  sub_ri8,
  sub_ri16,
  sub_mi8,
  sub_mi16,
  sub_mi32,
  sub_mi64,
  xor_mr8,
  xor_rr16,
  xor_mr16,
  xor_mr32,
  xor_mr64,
  xor_rm8,
  xor_rm16,
  xor_rm32,
  xor_rm64,
  xor_ri8,
  xor_ri16,
  xor_ri64,
  xor_mi8,
  xor_mi16,
  xor_mi32,
  xor_mi64,
  cmp_rr16,
  cmp_mr16,
  cmp_rm16,
  test_mr8,
  test_rr16,
  test_mr16,
  test_mr32,
  test_mr64,
  test_ri16,
  test_ri64,
  test_mi16,
  test_mi64,
  not_r8,
  not_m8,
  not_r16,
  not_r32,
  not_r64,
  not_m16,
  not_m32,
  not_m64,
  neg_r8,
  neg_m8,
  neg_r16,
  neg_r32,
  neg_r64,
  neg_m16,
  neg_m32,
  neg_m64,
  inc_r8,
  inc_m8,
  dec_r8,
  dec_m8,
  inc_r16,
  inc_m16,
  inc_m32,
  inc_m64,
  dec_r16,
  dec_m16,
  dec_m32,
  dec_m64,
  rol_ri8,
  rol_mi8,
  rol_ri16,
  rol_ri32,
  rol_ri64,
  rol_mi16,
  rol_mi32,
  rol_mi64,
  rol1_r8,
  rol1_m8,
  rol1_r16,
  rol1_r32,
  rol1_r64,
  rol1_m16,
  rol1_m32,
  rol1_m64,
  rolcl_r8,
  rolcl_m8,
  rolcl_r16,
  rolcl_r32,
  rolcl_r64,
  rolcl_m16,
  rolcl_m32,
  rolcl_m64,
  ror_ri8,
  ror_mi8,
  ror_ri16,
  ror_ri32,
  ror_ri64,
  ror_mi16,
  ror_mi32,
  ror_mi64,
  ror1_r8,
  ror1_m8,
  ror1_r16,
  ror1_r32,
  ror1_r64,
  ror1_m16,
  ror1_m32,
  ror1_m64,
  rorcl_r8,
  rorcl_m8,
  rorcl_r16,
  rorcl_r32,
  rorcl_r64,
  rorcl_m16,
  rorcl_m32,
  rorcl_m64,
  rcl_ri8,
  rcl_mi8,
  rcl_ri16,
  rcl_ri32,
  rcl_ri64,
  rcl_mi16,
  rcl_mi32,
  rcl_mi64,
  rcl1_r8,
  rcl1_m8,
  rcl1_r16,
  rcl1_r32,
  rcl1_r64,
  rcl1_m16,
  rcl1_m32,
  rcl1_m64,
  rclcl_r8,
  rclcl_m8,
  rclcl_r16,
  rclcl_r32,
  rclcl_r64,
  rclcl_m16,
  rclcl_m32,
  rclcl_m64,
  rcr_ri8,
  rcr_mi8,
  rcr_ri16,
  rcr_ri32,
  rcr_ri64,
  rcr_mi16,
  rcr_mi32,
  rcr_mi64,
  rcr1_r8,
  rcr1_m8,
  rcr1_r16,
  rcr1_r32,
  rcr1_r64,
  rcr1_m16,
  rcr1_m32,
  rcr1_m64,
  rcrcl_r8,
  rcrcl_m8,
  rcrcl_r16,
  rcrcl_r32,
  rcrcl_r64,
  rcrcl_m16,
  rcrcl_m32,
  rcrcl_m64,
  shl_ri8,
  shl_mi8,
  shl_ri16,
  shl_mi16,
  shl_mi32,
  shl_mi64,
  shl1_r8,
  shl1_m8,
  shl1_r16,
  shl1_r32,
  shl1_r64,
  shl1_m16,
  shl1_m32,
  shl1_m64,
  shlcl_r8,
  shlcl_m8,
  shlcl_r16,
  shlcl_r32,
  shlcl_r64,
  shlcl_m16,
  shlcl_m32,
  shlcl_m64,
  shr_ri8,
  shr_mi8,
  shr_ri16,
  shr_mi16,
  shr_mi32,
  shr_mi64,
  shr1_r8,
  shr1_m8,
  shr1_r16,
  shr1_r32,
  shr1_r64,
  shr1_m16,
  shr1_m32,
  shr1_m64,
  shrcl_r8,
  shrcl_m8,
  shrcl_r16,
  shrcl_r32,
  shrcl_r64,
  shrcl_m16,
  shrcl_m32,
  shrcl_m64,
  sar_ri8,
  sar_mi8,
  sar_ri16,
  sar_mi16,
  sar_mi32,
  sar_mi64,
  sar1_r8,
  sar1_m8,
  sar1_r16,
  sar1_r32,
  sar1_r64,
  sar1_m16,
  sar1_m32,
  sar1_m64,
  sarcl_r8,
  sarcl_m8,
  sarcl_r16,
  sarcl_r32,
  sarcl_r64,
  sarcl_m16,
  sarcl_m32,
  sarcl_m64,
  shld_rri16,
  shld_rri32,
  shld_rri64,
  shld_mri16,
  shld_mri32,
  shld_mri64,
  shldcl_rr16,
  shldcl_rr32,
  shldcl_rr64,
  shldcl_mr16,
  shldcl_mr32,
  shldcl_mr64,
  shrd_rri16,
  shrd_rri32,
  shrd_rri64,
  shrd_mri16,
  shrd_mri32,
  shrd_mri64,
  shrdcl_rr16,
  shrdcl_rr32,
  shrdcl_rr64,
  shrdcl_mr16,
  shrdcl_mr32,
  shrdcl_mr64,
  mul_r8,
  mul_m8,
  mul_r16,
  mul_r32,
  mul_r64,
  mul_m16,
  mul_m32,
  mul_m64,
  imul1_r8,
  imul1_m8,
  imul1_r16,
  imul1_r32,
  imul1_r64,
  imul1_m16,
  imul1_m32,
  imul1_m64,
  div_r8,
  div_m8,
  div_r16,
  div_r32,
  div_r64,
  div_m16,
  div_m32,
  div_m64,
  idiv_r8,
  idiv_m8,
  idiv_r16,
  idiv_r32,
  idiv_r64,
  idiv_m16,
  idiv_m32,
  idiv_m64,
  imul_rr16,
  imul_rr32,
  imul_rm16,
  imul_rm32,
  imul_rm64,
  imul_rri16,
  imul_rri32,
  imul_rmi16,
  imul_rmi32,
  imul_rmi64,
  aam_i,
  aad_i,
  bt_rr16,
  bt_rr32,
  bt_rr64,
  bt_mr16,
  bt_mr32,
  bt_mr64,
  bt_ri16,
  bt_ri32,
  bt_ri64,
  bt_mi16,
  bt_mi32,
  bt_mi64,
  bts_rr16,
  bts_rr32,
  bts_rr64,
  bts_mr16,
  bts_mr32,
  bts_mr64,
  bts_ri16,
  bts_ri32,
  bts_ri64,
  bts_mi16,
  bts_mi32,
  bts_mi64,
  btr_rr16,
  btr_rr32,
  btr_rr64,
  btr_mr16,
  btr_mr32,
  btr_mr64,
  btr_ri16,
  btr_ri32,
  btr_ri64,
  btr_mi16,
  btr_mi32,
  btr_mi64,
  btc_rr16,
  btc_rr32,
  btc_rr64,
  btc_mr16,
  btc_mr32,
  btc_mr64,
  btc_ri16,
  btc_ri32,
  btc_ri64,
  btc_mi16,
  btc_mi32,
  btc_mi64,
  bsf_rr16,
  bsf_rr32,
  bsf_rr64,
  bsf_rm16,
  bsf_rm32,
  bsf_rm64,
  bsr_rr16,
  bsr_rr32,
  bsr_rr64,
  bsr_rm16,
  bsr_rm32,
  bsr_rm64,
  tzcnt_rr16,
  tzcnt_rr32,
  tzcnt_rr64,
  tzcnt_rm16,
  tzcnt_rm32,
  tzcnt_rm64,
  lzcnt_rr16,
  lzcnt_rr32,
  lzcnt_rr64,
  lzcnt_rm16,
  lzcnt_rm32,
  lzcnt_rm64,
  popcnt_rr16,
  popcnt_rr32,
  popcnt_rr64,
  popcnt_rm16,
  popcnt_rm32,
  popcnt_rm64,
  bswap_r16,
  bswap_r32,
  bswap_r64,
  movbe_rm16,
  movbe_rm32,
  movbe_rm64,
  movbe_mr16,
  movbe_mr32,
  movbe_mr64,
  mov_rr16,
  mov_rm16,
  mov_ri16,
  movzxb_rr16,
  movzxb_rr64,
  movzxb_rm16,
  movzxb_rm64,
  movzxw_rr16,
  movzxw_rr64,
  movzxw_rm16,
  movzxw_rm64,
  movsxb_rr16,
  movsxb_rr64,
  movsxb_rm16,
  movsxb_rm64,
  movsxw_rr16,
  movsxw_rr32,
  movsxw_rr64,
  movsxw_rm16,
  movsxw_rm32,
  movsxw_rm64,
  movsxd_rr16,
  movsxd_rr32,
  movsxd_rm16,
  movsxd_rm32,
  lea_rm16,
  xchg_rr8,
  xchg_mr8,
  xchg_rr16,
  xchg_rr32,
  xchg_rr64,
  xchg_mr16,
  xchg_mr32,
  xchg_mr64,
  xchgnop_rr16,
  xchgnop_rr32,
  xchgnop_rr64,
  cmovo_rr16,
  cmovo_rr32,
  cmovo_rr64,
  cmovo_rm16,
  cmovo_rm32,
  cmovo_rm64,
  cmovno_rr16,
  cmovno_rr32,
  cmovno_rr64,
  cmovno_rm16,
  cmovno_rm32,
  cmovno_rm64,
  cmovb_rr16,
  cmovb_rm16,
  cmovb_rm32,
  cmovb_rm64,
  cmovnb_rr16,
  cmovnb_rm16,
  cmovnb_rm32,
  cmovnb_rm64,
  cmovz_rr16,
  cmovz_rm16,
  cmovz_rm32,
  cmovz_rm64,
  cmovnz_rr16,
  cmovnz_rm16,
  cmovnz_rm32,
  cmovnz_rm64,
  cmovbe_rr16,
  cmovbe_rr32,
  cmovbe_rr64,
  cmovbe_rm16,
  cmovbe_rm32,
  cmovbe_rm64,
  cmovnbe_rr16,
  cmovnbe_rr32,
  cmovnbe_rr64,
  cmovnbe_rm16,
  cmovnbe_rm32,
  cmovnbe_rm64,
  cmovs_rr16,
  cmovs_rr32,
  cmovs_rr64,
  cmovs_rm16,
  cmovs_rm32,
  cmovs_rm64,
  cmovns_rr16,
  cmovns_rr32,
  cmovns_rr64,
  cmovns_rm16,
  cmovns_rm32,
  cmovns_rm64,
  cmovp_rr16,
  cmovp_rr32,
  cmovp_rr64,
  cmovp_rm16,
  cmovp_rm32,
  cmovp_rm64,
  cmovnp_rr16,
  cmovnp_rr32,
  cmovnp_rr64,
  cmovnp_rm16,
  cmovnp_rm32,
  cmovnp_rm64,
  cmovl_rr16,
  cmovl_rr32,
  cmovl_rr64,
  cmovl_rm16,
  cmovl_rm32,
  cmovl_rm64,
  cmovnl_rr16,
  cmovnl_rr32,
  cmovnl_rr64,
  cmovnl_rm16,
  cmovnl_rm32,
  cmovnl_rm64,
  cmovle_rr16,
  cmovle_rr32,
  cmovle_rr64,
  cmovle_rm16,
  cmovle_rm32,
  cmovle_rm64,
  cmovnle_rr16,
  cmovnle_rr32,
  cmovnle_rr64,
  cmovnle_rm16,
  cmovnle_rm32,
  cmovnle_rm64,
  seto_r8,
  seto_m8,
  setno_r8,
  setno_m8,
  setb_r8,
  setb_m8,
  setnb_r8,
  setnb_m8,
  setz_m8,
  setnz_m8,
  setbe_r8,
  setbe_m8,
  setnbe_r8,
  setnbe_m8,
  sets_r8,
  sets_m8,
  setns_r8,
  setns_m8,
  setp_r8,
  setp_m8,
  setnp_r8,
  setnp_m8,
  setl_r8,
  setl_m8,
  setnl_r8,
  setnl_m8,
  setle_r8,
  setle_m8,
  setnle_r8,
  setnle_m8,
  cbw16,
  cbw32,
  cbw64,
  cwd16,
  cwd32,
  cwd64,
  xlat,
  sahf,
  lahf,
  pause,
  ud,
  hypercall,
  xgetbv,
  xsetbv,
  hlt,
  cli,
  sti,
  cmc,
  clc,
  stc,
  cld,
  std,
  clac,
  stac,
  clts,
  wbinvd,
  clflush_m,
  rdfsbase_r32,
  rdfsbase_r64,
  rdgsbase_r32,
  rdgsbase_r64,
  wrfsbase_r32,
  wrfsbase_r64,
  wrgsbase_r32,
  wrgsbase_r64,
  movcr_read,
  movcr_write,
  movdr_read,
  movdr_write,
  wrmsr,
  rdmsr,
  rdtsc,
  rdpmc,
  rdtscp,
  cpuid,
  invlpg_m,
  invpcid_rm,
  swapgs,
  smsw_r16,
  smsw_r32,
  smsw_r64,
  smsw_m16,
  smsw_m32,
  smsw_m64,
  lmsw_r,
  lmsw_m,
  daa,
  das,
  aaa,
  aas,
  salc,
  bound_rm16,
  bound_rm32,
  rdrand_r16,
  rdrand_r32,
  rdrand_r64,
  rdseed_r16,
  rdseed_r32,
  rdseed_r64,
  rdpid_r,
  xsave_m,
  xsave64_m,
  xsaveopt_m,
  xsaveopt64_m,
  xrstor_m,
  xrstor64_m,
  push_r16,
  push_r32,
  pop_r16,
  pop_r32,
  push_i16,
  push_i32,
  push_m16,
  push_m32,
  push_m64,
  pop_m16,
  pop_m32,
  pop_m64,
  enter_i16,
  enter_i32,
  enter_i64,
  leave16,
  leave32,
  leave64,
  pusha16,
  pusha32,
  popa16,
  popa32,
  pushf16,
  pushf32,
  pushf64,
  popf16,
  popf32,
  popf64,
  call16,
  call32,
  jmp16,
  jmp32,
  call_r16,
  call_r32,
  call_m16,
  call_m32,
  jmp_r16,
  jmp_r32,
  jmp_m16,
  jmp_m32,
  jmp_m64,
  ret16,
  ret32,
  ret_i16,
  ret_i32,
  ret_i64,
  jo,
  jno,
  jp,
  jnp,
  loopne,
  loope,
  loop,
  jcxz,
  callf_p16,
  callf_p32,
  jmpf_p16,
  jmpf_p32,
  callf_m16,
  callf_m32,
  callf_m64,
  jmpf_m16,
  jmpf_m32,
  jmpf_m64,
  retf16,
  retf32,
  retf64,
  retf_i16,
  retf_i32,
  retf_i64,
  iret16,
  iret32,
  iret64,
  syscall,
  sysret32,
  sysret64,
  sysenter,
  sysexit32,
  sysexit64,
  int3,
  int_i,
  into,
  int1,
  movs8,
  movs16,
  movs32,
  movs64,
  cmps8,
  cmps16,
  cmps32,
  cmps64,
  stos8,
  stos16,
  stos32,
  stos64,
  lods8,
  lods16,
  lods32,
  lods64,
  scas8,
  scas16,
  scas32,
  scas64,
  ins8,
  ins16,
  ins32,
  ins64,
  outs8,
  outs16,
  outs32,
  outs64,
  in8_i,
  inv_i16,
  inv_i32,
  inv_i64,
  out8_i,
  outv_i16,
  outv_i32,
  outv_i64,
  in8dx,
  invdx16,
  invdx32,
  invdx64,
  out8dx,
  outvdx16,
  outvdx32,
  outvdx64,
  xadd_rr8,
  xadd_mr8,
  xadd_rr16,
  xadd_rr32,
  xadd_rr64,
  xadd_mr16,
  xadd_mr32,
  xadd_mr64,
  cmpxchg_rr8,
  cmpxchg_mr8,
  cmpxchg_rr16,
  cmpxchg_rr32,
  cmpxchg_rr64,
  cmpxchg_mr16,
  cmpxchg_mr32,
  cmpxchg_mr64,
  cmpxchg8b_m,
  cmpxchg16b_m,
  movsr_r,
  movsr_m,
  movrs_r16,
  movrs_r32,
  movrs_r64,
  movrs_m16,
  movrs_m32,
  movrs_m64,
  pushes16,
  pushes32,
  pushcs16,
  pushcs32,
  pushss16,
  pushss32,
  pushds16,
  pushds32,
  pushfs16,
  pushfs32,
  pushfs64,
  pushgs16,
  pushgs32,
  pushgs64,
  popes16,
  popes32,
  popss16,
  popss32,
  popds16,
  popds32,
  popfs16,
  popfs32,
  popfs64,
  popgs16,
  popgs32,
  popgs64,
  les_rm16,
  les_rm32,
  lds_rm16,
  lds_rm32,
  lss_rm16,
  lss_rm32,
  lss_rm64,
  lfs_rm16,
  lfs_rm32,
  lfs_rm64,
  lgs_rm16,
  lgs_rm32,
  lgs_rm64,
  sldt_r16,
  sldt_r32,
  sldt_r64,
  sldt_m16,
  sldt_m32,
  sldt_m64,
  str_r16,
  str_r32,
  str_r64,
  str_m16,
  str_m32,
  str_m64,
  lldt_r,
  lldt_m,
  ltr_r,
  ltr_m,
  verr_r,
  verr_m,
  verw_r,
  verw_m,
  sgdt_m,
  sidt_m,
  lgdt_m16,
  lgdt_m32,
  lgdt_m64,
  lidt_m16,
  lidt_m32,
  lidt_m64,
  lar_rr16,
  lar_rr32,
  lar_rr64,
  lar_rm16,
  lar_rm32,
  lar_rm64,
  lsl_rr16,
  lsl_rr32,
  lsl_rr64,
  lsl_rm16,
  lsl_rm32,
  lsl_rm64,
  arpl_rr,
  arpl_mr,
  punpcklbw_xx,
  punpcklbw_xm,
  punpcklwd_xx,
  punpcklwd_xm,
  punpckldq_xx,
  punpckldq_xm,
  packsswb_xx,
  packsswb_xm,
  pcmpgtb_xx,
  pcmpgtb_xm,
  pcmpgtw_xx,
  pcmpgtw_xm,
  pcmpgtd_xx,
  pcmpgtd_xm,
  packuswb_xx,
  packuswb_xm,
  punpckhbw_xx,
  punpckhbw_xm,
  punpckhwd_xx,
  punpckhwd_xm,
  punpckhdq_xx,
  punpckhdq_xm,
  packssdw_xx,
  packssdw_xm,
  pcmpeqb_xx,
  pcmpeqb_xm,
  pcmpeqw_xx,
  pcmpeqw_xm,
  pcmpeqd_xx,
  pcmpeqd_xm,
  psrlw_xx,
  psrlw_xm,
  psrld_xx,
  psrld_xm,
  psrlq_xx,
  psrlq_xm,
  paddq_xx,
  paddq_xm,
  pmullw_xx,
  pmullw_xm,
  psubusb_xx,
  psubusb_xm,
  psubusw_xx,
  psubusw_xm,
  pminub_xx,
  pminub_xm,
  pand_xx,
  pand_xm,
  paddusb_xx,
  paddusb_xm,
  paddusw_xx,
  paddusw_xm,
  pmaxub_xx,
  pmaxub_xm,
  pandn_xx,
  pandn_xm,
  pavgb_xx,
  pavgb_xm,
  psraw_xx,
  psraw_xm,
  psrad_xx,
  psrad_xm,
  pavgw_xx,
  pavgw_xm,
  pmulhuw_xx,
  pmulhuw_xm,
  pmulhw_xx,
  pmulhw_xm,
  psubsb_xx,
  psubsb_xm,
  psubsw_xx,
  psubsw_xm,
  pminsw_xx,
  pminsw_xm,
  por_xx,
  por_xm,
  paddsb_xx,
  paddsb_xm,
  paddsw_xx,
  paddsw_xm,
  pmaxsw_xx,
  pmaxsw_xm,
  pxor_xx,
  pxor_xm,
  psllw_xx,
  psllw_xm,
  pslld_xx,
  pslld_xm,
  psllq_xx,
  psllq_xm,
  pmuludq_xx,
  pmuludq_xm,
  pmaddwd_xx,
  pmaddwd_xm,
  psadbw_xx,
  psadbw_xm,
  psubb_xx,
  psubb_xm,
  psubw_xx,
  psubw_xm,
  psubd_xx,
  psubd_xm,
  psubq_xx,
  psubq_xm,
  paddb_xx,
  paddb_xm,
  paddw_xx,
  paddw_xm,
  paddd_xx,
  paddd_xm,
  psrlw_xi,
  psraw_xi,
  psllw_xi,
  psrld_xi,
  psrad_xi,
  pslld_xi,
  psrlq_xi,
  psllq_xi,
  psrldq_xi,
  pslldq_xi,
  punpcklqdq_xx,
  punpcklqdq_xm,
  punpckhqdq_xx,
  punpckhqdq_xm,
  pshufd_xxi,
  pshufd_xmi,
  pshuflw_xxi,
  pshuflw_xmi,
  pshufhw_xxi,
  pshufhw_xmi,
  shufps_xxi,
  shufps_xmi,
  shufpd_xxi,
  shufpd_xmi,
  punpcklbw_qq,
  punpcklbw_qm,
  punpcklwd_qq,
  punpcklwd_qm,
  punpckldq_qq,
  punpckldq_qm,
  packsswb_qq,
  packsswb_qm,
  pcmpgtb_qq,
  pcmpgtb_qm,
  pcmpgtw_qq,
  pcmpgtw_qm,
  pcmpgtd_qq,
  pcmpgtd_qm,
  packuswb_qq,
  packuswb_qm,
  punpckhbw_qq,
  punpckhbw_qm,
  punpckhwd_qq,
  punpckhwd_qm,
  punpckhdq_qq,
  punpckhdq_qm,
  packssdw_qq,
  packssdw_qm,
  pcmpeqb_qq,
  pcmpeqb_qm,
  pcmpeqw_qq,
  pcmpeqw_qm,
  pcmpeqd_qq,
  pcmpeqd_qm,
  psrlw_qq,
  psrlw_qm,
  psrld_qq,
  psrld_qm,
  psrlq_qq,
  psrlq_qm,
  paddq_qq,
  paddq_qm,
  pmullw_qq,
  pmullw_qm,
  psubusb_qq,
  psubusb_qm,
  psubusw_qq,
  psubusw_qm,
  pminub_qq,
  pminub_qm,
  pand_qq,
  pand_qm,
  paddusb_qq,
  paddusb_qm,
  paddusw_qq,
  paddusw_qm,
  pmaxub_qq,
  pmaxub_qm,
  pandn_qq,
  pandn_qm,
  pavgb_qq,
  pavgb_qm,
  psraw_qq,
  psraw_qm,
  psrad_qq,
  psrad_qm,
  pavgw_qq,
  pavgw_qm,
  pmulhuw_qq,
  pmulhuw_qm,
  pmulhw_qq,
  pmulhw_qm,
  psubsb_qq,
  psubsb_qm,
  psubsw_qq,
  psubsw_qm,
  pminsw_qq,
  pminsw_qm,
  por_qq,
  por_qm,
  paddsb_qq,
  paddsb_qm,
  paddsw_qq,
  paddsw_qm,
  pmaxsw_qq,
  pmaxsw_qm,
  pxor_qq,
  pxor_qm,
  psllw_qq,
  psllw_qm,
  pslld_qq,
  pslld_qm,
  psllq_qq,
  psllq_qm,
  pmuludq_qq,
  pmuludq_qm,
  pmaddwd_qq,
  pmaddwd_qm,
  psadbw_qq,
  psadbw_qm,
  psubb_qq,
  psubb_qm,
  psubw_qq,
  psubw_qm,
  psubd_qq,
  psubd_qm,
  psubq_qq,
  psubq_qm,
  paddb_qq,
  paddb_qm,
  paddw_qq,
  paddw_qm,
  paddd_qq,
  paddd_qm,
  psrlw_qi,
  psraw_qi,
  psllw_qi,
  psrld_qi,
  psrad_qi,
  pslld_qi,
  psrlq_qi,
  psllq_qi,
  pshufw_qqi,
  pshufw_qmi,
  movd_qr32,
  movd_qr64,
  movd_qm32,
  movd_qm64,
  movd_rq32,
  movd_rq64,
  movd_mq32,
  movd_mq64,
  movq_qq,
  movq_qm,
  movq_mq,
  pmovmskb_rq,
  pinsrw_qri,
  pinsrw_qmi,
  pextrw_rqi,
  maskmovq_qq,
  emms,
  movq2dq_xq,
  movdq2q_qx,
  movaps_xx,
  movaps_xm,
  movaps_mx,
  movups_xx,
  movups_xm,
  movups_mx,
  movss_xx,
  movss_xm,
  movss_mx,
  movsd_xx,
  movsd_xm,
  movsd_mx,
  movq_xx,
  movq_xm,
  movq_mx,
  movlps_xm,
  movhlps_xx,
  movlps_mx,
  movhps_xm,
  movlhps_xx,
  movhps_mx,
  movd_xr32,
  movd_xr64,
  movd_xm32,
  movd_xm64,
  movd_rx32,
  movd_rx64,
  movd_mx32,
  movd_mx64,
  movnti_mr32,
  movnti_mr64,
  movmskps_rx,
  movmskpd_rx,
  pmovmskb_rx,
  pinsrw_xri,
  pinsrw_xmi,
  pextrw_rxi,
  maskmovdqu_xx,
  sqrtps_xx,
  sqrtps_xm,
  sqrtpd_xx,
  sqrtpd_xm,
  sqrtss_xx,
  sqrtss_xm,
  sqrtsd_xx,
  sqrtsd_xm,
  addps_xx,
  addps_xm,
  addpd_xx,
  addpd_xm,
  addss_xx,
  addss_xm,
  addsd_xx,
  addsd_xm,
  mulps_xx,
  mulps_xm,
  mulpd_xx,
  mulpd_xm,
  mulss_xx,
  mulss_xm,
  mulsd_xx,
  mulsd_xm,
  subps_xx,
  subps_xm,
  subpd_xx,
  subpd_xm,
  subss_xx,
  subss_xm,
  subsd_xx,
  subsd_xm,
  minps_xx,
  minps_xm,
  minpd_xx,
  minpd_xm,
  minss_xx,
  minss_xm,
  minsd_xx,
  minsd_xm,
  divps_xx,
  divps_xm,
  divpd_xx,
  divpd_xm,
  divss_xx,
  divss_xm,
  divsd_xx,
  divsd_xm,
  maxps_xx,
  maxps_xm,
  maxpd_xx,
  maxpd_xm,
  maxss_xx,
  maxss_xm,
  maxsd_xx,
  maxsd_xm,
  rsqrtps_xx,
  rsqrtps_xm,
  rsqrtss_xx,
  rsqrtss_xm,
  rcpps_xx,
  rcpps_xm,
  rcpss_xx,
  rcpss_xm,
  cmpps_xxi,
  cmpps_xmi,
  cmppd_xxi,
  cmppd_xmi,
  cmpss_xxi,
  cmpss_xmi,
  cmpsd_xxi,
  cmpsd_xmi,
  ucomiss_xx,
  ucomiss_xm,
  ucomisd_xx,
  ucomisd_xm,
  comiss_xx,
  comiss_xm,
  comisd_xx,
  comisd_xm,
  cvtpi2ps_xq,
  cvtpi2ps_xm,
  cvtpi2pd_xq,
  cvtpi2pd_xm,
  cvtsi2ss_xr32,
  cvtsi2ss_xr64,
  cvtsi2ss_xm32,
  cvtsi2ss_xm64,
  cvtsi2sd_xr32,
  cvtsi2sd_xr64,
  cvtsi2sd_xm32,
  cvtsi2sd_xm64,
  cvttps2pi_qx,
  cvttps2pi_qm,
  cvttpd2pi_qx,
  cvttpd2pi_qm,
  cvttss2si_rx32,
  cvttss2si_rx64,
  cvttss2si_rm32,
  cvttss2si_rm64,
  cvttsd2si_rx32,
  cvttsd2si_rx64,
  cvttsd2si_rm32,
  cvttsd2si_rm64,
  cvtps2pi_qx,
  cvtps2pi_qm,
  cvtpd2pi_qx,
  cvtpd2pi_qm,
  cvtss2si_rx32,
  cvtss2si_rx64,
  cvtss2si_rm32,
  cvtss2si_rm64,
  cvtsd2si_rx32,
  cvtsd2si_rx64,
  cvtsd2si_rm32,
  cvtsd2si_rm64,
  cvtps2pd_xx,
  cvtps2pd_xm,
  cvtpd2ps_xx,
  cvtpd2ps_xm,
  cvtss2sd_xx,
  cvtss2sd_xm,
  cvtsd2ss_xx,
  cvtsd2ss_xm,
  cvtdq2ps_xx,
  cvtdq2ps_xm,
  cvtps2dq_xx,
  cvtps2dq_xm,
  cvttps2dq_xx,
  cvttps2dq_xm,
  cvtpd2dq_xx,
  cvtpd2dq_xm,
  cvttpd2dq_xx,
  cvttpd2dq_xm,
  cvtdq2pd_xx,
  cvtdq2pd_xm,
  fxsave_m,
  fxsave64_m,
  fxrstor_m,
  fxrstor64_m,
  ldmxcsr_m,
  stmxcsr_m,
  pshufb_xx,
  pshufb_xm,
  pshufb_qq,
  pshufb_qm,
  phaddw_xx,
  phaddw_xm,
  phaddw_qq,
  phaddw_qm,
  phaddd_xx,
  phaddd_xm,
  phaddd_qq,
  phaddd_qm,
  phaddsw_xx,
  phaddsw_xm,
  phaddsw_qq,
  phaddsw_qm,
  pmaddubsw_xx,
  pmaddubsw_xm,
  pmaddubsw_qq,
  pmaddubsw_qm,
  phsubw_xx,
  phsubw_xm,
  phsubw_qq,
  phsubw_qm,
  phsubd_xx,
  phsubd_xm,
  phsubd_qq,
  phsubd_qm,
  phsubsw_xx,
  phsubsw_xm,
  phsubsw_qq,
  phsubsw_qm,
  psignb_xx,
  psignb_xm,
  psignb_qq,
  psignb_qm,
  psignw_xx,
  psignw_xm,
  psignw_qq,
  psignw_qm,
  psignd_xx,
  psignd_xm,
  psignd_qq,
  psignd_qm,
  pmulhrsw_xx,
  pmulhrsw_xm,
  pmulhrsw_qq,
  pmulhrsw_qm,
  pabsb_xx,
  pabsb_xm,
  pabsb_qq,
  pabsb_qm,
  pabsw_xx,
  pabsw_xm,
  pabsw_qq,
  pabsw_qm,
  pabsd_xx,
  pabsd_xm,
  pabsd_qq,
  pabsd_qm,
  pblendvb_xx,
  pblendvb_xm,
  blendvps_xx,
  blendvps_xm,
  blendvpd_xx,
  blendvpd_xm,
  ptest_xx,
  ptest_xm,
  pmovsxbw_xx,
  pmovsxbw_xm,
  pmovsxbd_xx,
  pmovsxbd_xm,
  pmovsxbq_xx,
  pmovsxbq_xm,
  pmovsxwd_xx,
  pmovsxwd_xm,
  pmovsxwq_xx,
  pmovsxwq_xm,
  pmovsxdq_xx,
  pmovsxdq_xm,
  pmuldq_xx,
  pmuldq_xm,
  pcmpeqq_xx,
  pcmpeqq_xm,
  packusdw_xx,
  packusdw_xm,
  pmovzxbw_xx,
  pmovzxbw_xm,
  pmovzxbd_xx,
  pmovzxbd_xm,
  pmovzxbq_xx,
  pmovzxbq_xm,
  pmovzxwd_xx,
  pmovzxwd_xm,
  pmovzxwq_xx,
  pmovzxwq_xm,
  pmovzxdq_xx,
  pmovzxdq_xm,
  pcmpgtq_xx,
  pcmpgtq_xm,
  pminsb_xx,
  pminsb_xm,
  pminsd_xx,
  pminsd_xm,
  pminuw_xx,
  pminuw_xm,
  pminud_xx,
  pminud_xm,
  pmaxsb_xx,
  pmaxsb_xm,
  pmaxsd_xx,
  pmaxsd_xm,
  pmaxuw_xx,
  pmaxuw_xm,
  pmaxud_xx,
  pmaxud_xm,
  pmulld_xx,
  pmulld_xm,
  phminposuw_xx,
  phminposuw_xm,
  movddup_xx,
  movddup_xm,
  movsldup_xx,
  movsldup_xm,
  movshdup_xx,
  movshdup_xm,
  palignr_xxi,
  palignr_xmi,
  palignr_qqi,
  palignr_qmi,
  blendps_xxi,
  blendps_xmi,
  blendpd_xxi,
  blendpd_xmi,
  pblendw_xxi,
  pblendw_xmi,
  pextrb_rxi,
  pextrb_mxi,
  pextrword_rxi,
  pextrword_mxi,
  pextrd_rxi32,
  pextrd_rxi64,
  pextrd_mxi32,
  pextrd_mxi64,
  extractps_rxi,
  extractps_mxi,
  pinsrb_xri,
  pinsrb_xmi,
  insertps_xxi,
  insertps_xmi,
  pinsrd_xri32,
  pinsrd_xri64,
  pinsrd_xmi32,
  pinsrd_xmi64,
  mpsadbw_xxi,
  mpsadbw_xmi,
  pcmpestrm_xxi32,
  pcmpestrm_xxi64,
  pcmpestrm_xmi32,
  pcmpestrm_xmi64,
  pcmpestri_xxi32,
  pcmpestri_xxi64,
  pcmpestri_xmi32,
  pcmpestri_xmi64,
  pcmpistrm_xxi,
  pcmpistrm_xmi,
  pcmpistri_xxi,
  pcmpistri_xmi,
  crc32_rr8,
  crc32_rm8,
  crc32_rr16,
  crc32_rr32,
  crc32_rr64,
  crc32_rm16,
  crc32_rm32,
  crc32_rm64,
  addsubps_xx,
  addsubps_xm,
  addsubpd_xx,
  addsubpd_xm,
  haddps_xx,
  haddps_xm,
  haddpd_xx,
  haddpd_xm,
  hsubps_xx,
  hsubps_xm,
  hsubpd_xx,
  hsubpd_xm,
  roundps_xxi,
  roundps_xmi,
  roundpd_xxi,
  roundpd_xmi,
  roundss_xxi,
  roundss_xmi,
  roundsd_xxi,
  roundsd_xmi,
  dpps_xxi,
  dpps_xmi,
  dppd_xxi,
  dppd_xmi,
  fwait,
  fadds_m,
  fmuls_m,
  fcoms_m,
  fcomps_m,
  fsubs_m,
  fsubrs_m,
  fdivs_m,
  fdivrs_m,
  faddl_m,
  fmull_m,
  fcoml_m,
  fcompl_m,
  fsubl_m,
  fsubrl_m,
  fdivl_m,
  fdivrl_m,
  fiaddd_m,
  fimuld_m,
  ficomd_m,
  ficompd_m,
  fisubd_m,
  fisubrd_m,
  fidivd_m,
  fidivrd_m,
  fiaddw_m,
  fimulw_m,
  ficomw_m,
  ficompw_m,
  fisubw_m,
  fisubrw_m,
  fidivw_m,
  fidivrw_m,
  fnop,
  fchs,
  fabs,
  ftst,
  fxam,
  fld1,
  fldl2t,
  fldl2e,
  fldpi,
  fldlg2,
  fldln2,
  fldz,
  f2xm1,
  fyl2x,
  fptan,
  fpatan,
  fxtract,
  fprem1,
  fdecstp,
  fincstp,
  fprem,
  fyl2xp1,
  fsqrt,
  fsincos,
  frndint,
  fscale,
  fsin,
  fcos,
  fucompp,
  fcompp,
  fadd_q,
  fmul_q,
  fcom_q,
  fcomp_q,
  fsub_q,
  fsubr_q,
  fdiv_q,
  fdivr_q,
  faddto_q,
  fmulto_q,
  fsubrto_q,
  fsubto_q,
  fdivrto_q,
  fdivto_q,
  faddp_q,
  fmulp_q,
  fsubrp_q,
  fsubp_q,
  fdivrp_q,
  fdivp_q,
  fcmovb_q,
  fcmove_q,
  fcmovbe_q,
  fcmovu_q,
  fcmovnb_q,
  fcmovne_q,
  fcmovnbe_q,
  fcmovnu_q,
  fld_q,
  fxch_q,
  fstpnce_q,
  fucomi_q,
  fcomi_q,
  fucomip_q,
  fcomip_q,
  ffree_q,
  fst_q,
  fstp_q,
  fucom_q,
  fucomp_q,
  ffreep_q,
  flds_m,
  fsts_m,
  fstps_m,
  fldl_m,
  fstl_m,
  fstpl_m,
  fldt_m,
  fstpt_m,
  fildw_m,
  fildd_m,
  fildq_m,
  fistw_m,
  fistd_m,
  fistpw_m,
  fistpd_m,
  fistpq_m,
  fisttpw_m,
  fisttpd_m,
  fisttpq_m,
  fbld_m,
  fbstp_m,
  fldcw_m,
  fnstcw_m,
  fnstsw_m,
  fnstsw,
  fnclex,
  fninit,
  fneni,
  fnstenv_m,
  fnstenvw_m,
  fldenv_m,
  fldenvw_m,
  fnsave_m,
  fnsavew_m,
  frstor_m,
  frstorw_m,
  andn_rvr32,
  andn_rvr64,
  andn_rvm32,
  andn_rvm64,
  blsr_vr32,
  blsr_vr64,
  blsr_vm32,
  blsr_vm64,
  blsmsk_vr32,
  blsmsk_vr64,
  blsmsk_vm32,
  blsmsk_vm64,
  blsi_vr32,
  blsi_vr64,
  blsi_vm32,
  blsi_vm64,
  bextr_rrv32,
  bextr_rrv64,
  bextr_rmv32,
  bextr_rmv64,
  bzhi_rrv32,
  bzhi_rrv64,
  bzhi_rmv32,
  bzhi_rmv64,
  pext_rvr32,
  pext_rvr64,
  pext_rvm32,
  pext_rvm64,
  pdep_rvr32,
  pdep_rvr64,
  pdep_rvm32,
  pdep_rvm64,
  mulx_rvr32,
  mulx_rvr64,
  mulx_rvm32,
  mulx_rvm64,
  shlx_rrv32,
  shlx_rrv64,
  shlx_rmv32,
  shlx_rmv64,
  sarx_rrv32,
  sarx_rrv64,
  sarx_rmv32,
  sarx_rmv64,
  shrx_rrv32,
  shrx_rrv64,
  shrx_rmv32,
  shrx_rmv64,
  rorx_rri32,
  rorx_rri64,
  rorx_rmi32,
  rorx_rmi64,
  adcx_rr32,
  adcx_rr64,
  adcx_rm32,
  adcx_rm64,
  adox_rr32,
  adox_rr64,
  adox_rm32,
  adox_rm64,
  aesimc_xx,
  aesimc_xm,
  aesenc_xx,
  aesenc_xm,
  aesenclast_xx,
  aesenclast_xm,
  aesdec_xx,
  aesdec_xm,
  aesdeclast_xx,
  aesdeclast_xm,
  aeskeygenassist_xxi,
  aeskeygenassist_xmi,
  pclmulqdq_xxi,
  pclmulqdq_xmi,
];
